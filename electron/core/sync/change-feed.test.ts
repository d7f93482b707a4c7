import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, touches } from '#shared/lib/query.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { ChangeFeed } from './change-feed.ts';

function feed(): { clock: FakeClock; told: (readonly Change[])[]; feed: ChangeFeed } {
  const clock = new FakeClock();
  const told: (readonly Change[])[] = [];
  return { clock, told, feed: new ChangeFeed(clock, (changes) => told.push(changes)) };
}

describe('telling the screen', () => {
  it('says each key once per frame while live', () => {
    const { clock, told, feed: f } = feed();
    for (let i = 0; i < 10; i += 1) f.add({ entity: 'head', scope: 'team:a', id: 'x' });
    f.add({ entity: 'head', scope: 'team:a', id: 'y' });
    expect(told).toEqual([]);
    clock.advance(16);
    expect(told).toEqual([
      [
        { entity: 'head', scope: 'team:a', id: 'x' },
        { entity: 'head', scope: 'team:a', id: 'y' },
      ],
    ]);
    clock.advance(1000);
    expect(told).toHaveLength(1);
  });

  it('speaks at most every 250 ms while catching up, and at once when that is over', () => {
    const { clock, told, feed: f } = feed();
    f.setPace({ isCatchingUp: true });
    for (let i = 0; i < 100; i += 1) {
      f.add({ entity: 'head', id: String(i) });
      clock.advance(10);
    }
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told.length).toBeGreaterThanOrEqual(4);
    const before = told.length;
    f.add({ entity: 'person' });
    f.setPace({ isCatchingUp: false });
    clock.advance(16);
    expect(told).toHaveLength(before + 1);
  });

  it('says nothing while the rows end inside a commit', () => {
    const { clock, told, feed: f } = feed();
    f.setPace({ isInside: true });
    f.add({ entity: 'head', id: 'x' });
    clock.advance(5000);
    expect(told).toEqual([]);
    f.setPace({ isInside: false });
    clock.advance(16);
    expect(told).toHaveLength(1);
  });

  it('never leaves out a change, however they are gathered', () => {
    const change = fc.record(
      {
        entity: fc.constantFrom('a', 'b'),
        scope: fc.constantFrom('s', 't'),
        id: fc.integer({ min: 0, max: 60 }).map(String),
      },
      { requiredKeys: ['entity'] },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(change, fc.nat(30)), { maxLength: 150, size: 'max' }),
        fc.boolean(),
        (changes, isCatchingUp) => {
          const { clock, told, feed: f } = feed();
          f.setPace({ isCatchingUp });
          for (const [one, ms] of changes) {
            f.add(one as Change);
            clock.advance(ms);
          }
          clock.advance(1000);
          const all = told.flat();
          for (const [one] of changes) {
            // What rests on exactly this must be touched by something that was said.
            const rest = { ...one, scope: one.scope ?? 's', id: one.id ?? '1' };
            expect(all.some((c) => touches(c, [rest]))).toBe(true);
          }
        },
      ),
    );
  });
});
