import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { appErrorSchema, badInput, deskError, hubError } from './errors.ts';
import { IdMint, idSchema } from './ids.ts';
import { canonicalJson } from './json.ts';
import { parseScope, scopeOf } from './scope.ts';
import { every, FakeClock } from './time.ts';

const uuid = fc.uuid({ version: 7 });

describe('ids', () => {
  test('are valid, all different and in the order they were minted, also when the clock jumps back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 2, maxLength: 200 }), (jumps) => {
        let now = 1_700_000_000_000;
        const mint = new IdMint({ now: () => now });
        const ids = jumps.map((jump) => {
          now += jump;
          return mint.next();
        });
        expect(ids.every((id) => z.safeParse(idSchema, id).success)).toBe(true);
        expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  test('stay in order when more are minted in one millisecond than the counter holds', () => {
    const mint = new IdMint({ now: () => 1_700_000_000_000 });
    const ids = Array.from({ length: 10_000 }, () => mint.next());
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  });

  test('carry version 7, the variant of RFC 9562 and the time', () => {
    const id = new IdMint({ now: () => 0x0123_4567_89ab }).next();
    expect(id.slice(0, 13)).toBe('01234567-89ab');
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
  });
});

describe('canonical JSON', () => {
  test('is one text for one value, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJson({ b: 1, a: [undefined, { d: undefined, c: 2 }] })).toBe('{"a":[null,{"c":2}],"b":1}');
  });

  test('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(/not finite/);
    expect(() => canonicalJson({ a: 1n })).toThrow(/bigint/);
  });
});

describe('scopes', () => {
  test('read back what was written, and nothing else is one', () => {
    fc.assert(
      fc.property(uuid, (id) => {
        expect(parseScope(scopeOf.team(id))).toEqual({ kind: 'team', id });
        expect(parseScope(scopeOf.publicOf(id))).toEqual({ kind: 'conversation', id, part: 'public' });
        expect(parseScope(scopeOf.conversation(id))).toEqual({ kind: 'conversation', id, part: 'internal' });
        expect(parseScope(scopeOf.finance(id))).toEqual({ kind: 'customer', id, part: 'finance' });
        for (const bad of [
          `team:${id}:public`,
          `conversation:${id}:finance`,
          `customer:${id}:public`,
          `conversation:${id}:public:x`,
          `orgs`,
          `team:`,
          `team:x`,
        ])
          expect(parseScope(bad)).toBeNull();
      }),
    );
  });
});

describe('the fake clock', () => {
  test('runs what falls due in order of time, then of setting, and not what was cancelled', () => {
    const clock = new FakeClock(0);
    const told: string[] = [];
    clock.setTimeout(() => told.push('b at 20'), 20);
    clock.setTimeout(() => told.push('a at 10'), 10);
    clock.setTimeout(() => told.push('c at 20'), 20);
    clock.setTimeout(() => told.push('never'), 15).cancel();
    clock.advance(19);
    expect(told).toEqual(['a at 10']);
    expect(clock.nextDue()).toBe(20);
    clock.advance(1);
    expect(told).toEqual(['a at 10', 'b at 20', 'c at 20']);
  });

  test('runs a repeated task once per turn until it is ended', () => {
    const clock = new FakeClock(0);
    let count = 0;
    const turn = every(clock, 100, () => {
      count += 1;
    });
    clock.advance(350);
    expect(count).toBe(3);
    turn.cancel();
    clock.advance(1_000);
    expect(count).toBe(3);
  });
});

describe('errors', () => {
  test('name their origin and, for bad input, the first refused field', () => {
    const parsed = z.safeParse(z.object({ a: z.object({ b: z.int() }) }), { a: { b: 'x' } });
    if (parsed.success) throw new Error('that should not parse');
    const error = badInput('session/bad-input', parsed.error, 'hub');
    expect(error).toMatchObject({ code: 'session/bad-input', origin: 'hub', retry: 'never', field: 'a.b' });
    for (const e of [error, deskError('a/b', { retry: 'later' }), hubError('a/b', { field: 'x', params: { n: 1 } })])
      expect(z.safeParse(appErrorSchema, e).success).toBe(true);
  });
});
