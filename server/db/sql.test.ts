import { expect, test } from 'vitest';
import { identifier, sql } from './sql.ts';

test('values become parameters in their order', () => {
  expect(sql`select ${1}, ${'two'}`).toMatchObject({ text: 'select $1, $2', values: [1, 'two'] });
});

test('a part is put in with its values renumbered', () => {
  const part = sql`b = ${2} or c = ${3}`;
  const whole = sql`select * from ${identifier('a"b')} where a = ${1} and (${part}) and d = ${4}`;
  expect(whole.text).toBe('select * from "a""b" where a = $1 and (b = $2 or c = $3) and d = $4');
  expect(whole.values).toEqual([1, 2, 3, 4]);
});

test('the same text has the same name, another text another', () => {
  const write = (id: number) => sql`select ${id}`;
  expect(write(1).name).toBe(write(2).name);
  expect(sql`select  ${1}`.name).not.toBe(write(1).name);
  expect(sql`select ${sql`now()`}`.name).toBe(sql`select now()`.name);
});

test('a forgotten value is refused instead of becoming null', () => {
  expect(() => sql`select ${undefined}`).toThrow('undefined in a statement');
  expect(sql`select ${null}`.values).toEqual([null]);
});
