import { expect, test } from 'vitest';
import type { Link } from '#shared/session/model.ts';
import { pillWords } from './pill-words.ts';

const say = (link: Link, dataAt: number | null = 1000) => pillWords({ link, dataAt }, 'open');

test('a live link is said in one word, without the age of data', () => {
  expect(say({ state: 'live', since: 1 })).toEqual({ tone: 'ok', key: 'live', params: {}, since: null, dataAt: null });
});

test('catching up says how much is to go, and admits when it does not know', () => {
  expect(say({ state: 'catching-up', since: 1, behind: 120 })).toMatchObject({
    key: 'catchingUp',
    params: { count: 120 },
    dataAt: 1000,
  });
  expect(say({ state: 'catching-up', since: 1, behind: 0 })).toMatchObject({ key: 'catchingUpSome', params: {} });
});

test('an unreachable hub says since when, and how old the data is', () => {
  for (const why of ['no-answer', 'refused', 'silent'] as const) {
    expect(say({ state: 'unreachable', since: 500, why })).toMatchObject({
      key: 'outOfReach',
      since: 500,
      dataAt: 1000,
      tone: 'warn',
    });
  }
});

test('no network is told apart from a hub that does not answer', () => {
  expect(say({ state: 'unreachable', since: 500, why: 'no-network' })).toMatchObject({ key: 'noNetwork', since: 500 });
});

test('each reason to sign in again has words of its own', () => {
  const keys = (['expired', 'revoked', 'cloned', 'disabled', 'version'] as const).map(
    (why) => say({ state: 'sign-in-needed', why }).key,
  );
  expect(new Set(keys).size).toBe(5);
});

test('a core that died is said before anything else', () => {
  expect(pillWords({ link: { state: 'live', since: 1 }, dataAt: 7 }, 'closed')).toMatchObject({
    key: 'coreGone',
    tone: 'bad',
    dataAt: 7,
  });
});

test('before the first answer nothing is claimed', () => {
  expect(pillWords(undefined, 'starting')).toMatchObject({ key: 'starting', tone: 'neutral', dataAt: null });
  expect(say({ state: 'never' }, null)).toMatchObject({ key: 'never', dataAt: null });
});
