import { expect, test } from 'vitest';
import { rankItems } from './palette-rank.ts';

const items = [
  { id: 'conversation.transfer', label: 'Transfer to another team', words: 'hand over' },
  { id: 'app.reports', label: 'Open the reports' },
  { id: 'conversation.resolve', label: 'Resolve', words: 'close done' },
];
const ids = (typed: string): string[] => rankItems(items, typed).map((item) => item.id);

test('nothing typed lists everything in its own order', () => {
  expect(ids('  ')).toEqual(items.map((item) => item.id));
});

test('a name that starts with what was typed stands first', () => {
  expect(ids('re')[0]).toBe('conversation.resolve');
});

test('other words for an action find it', () => {
  expect(ids('hand over')).toEqual(['conversation.transfer']);
});

test('a slip of the finger still finds', () => {
  expect(ids('transfre')[0]).toBe('conversation.transfer');
});

test('nonsense finds nothing', () => {
  expect(ids('zzzz')).toEqual([]);
});
