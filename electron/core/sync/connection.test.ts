import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  isUp,
  linkOf,
  offConnection,
  openingLimit,
  pauseMs,
  step,
} from './connection.ts';

const at = (now: number, random = 0.5): { now: number; random: number } => ({ now, random });

function run(
  events: readonly ConnectionEvent[],
  from: Connection = offConnection,
): { state: Connection; effects: ConnectionEffect[] } {
  let state = from;
  let effects: ConnectionEffect[] = [];
  events.forEach((event, i) => {
    const stepped = step(state, event, at(1000 + i));
    state = stepped.next;
    effects = [...stepped.effects];
  });
  return { state, effects };
}

const reach: ConnectionEvent[] = [{ on: 'start' }, { on: 'opened' }, { on: 'welcome' }];
const caughtUp: ConnectionEvent = { on: 'page', upTo: 9, head: 9 };
const kinds = (effects: readonly ConnectionEffect[]): string[] => effects.map((e) => e.do);

describe('the way to live', () => {
  it('opens, says hello, catches up and is live only when a page has reached the head', () => {
    expect(kinds(run([{ on: 'start' }]).effects)).toEqual(['open', 'timer']);
    expect(kinds(run([{ on: 'start' }, { on: 'opened' }]).effects)).toEqual(['hello', 'timer']);
    expect(kinds(run(reach).effects)).toEqual(['no-timer', 'up']);
    const behind = run([...reach, { on: 'page', upTo: 5, head: 9 }]).state;
    expect(linkOf(behind)).toMatchObject({ state: 'catching-up', behind: 4 });
    expect(linkOf(run([...reach, caughtUp]).state).state).toBe('live');
  });

  it('says catching up again when it falls far behind, and not for a few rows', () => {
    const live = run([...reach, caughtUp]).state;
    expect(run([{ on: 'page', upTo: 10, head: 30 }], live).state.phase).toBe('live');
    expect(run([{ on: 'page', upTo: 10, head: 3000 }], live).state.phase).toBe('catching-up');
  });
});

describe('losing the hub', () => {
  it('is told at once and stays told while further attempts are made', () => {
    const lost = run([...reach, caughtUp, { on: 'closed', why: 'silent' }]);
    expect(linkOf(lost.state)).toEqual({ state: 'unreachable', since: 1004, why: 'silent' });
    expect(kinds(lost.effects)).toEqual(['hang-up', 'timer']);
    const again = run([{ on: 'timer' }], lost.state);
    expect(again.state.phase).toBe('opening');
    expect(linkOf(again.state)).toEqual({ state: 'unreachable', since: 1004, why: 'silent' });
    const refused = run([{ on: 'closed', why: 'refused' }], again.state);
    expect(linkOf(refused.state)).toEqual({ state: 'unreachable', since: 1004, why: 'refused' });
  });

  it('gives up an attempt that gets no answer in time', () => {
    for (const events of [[{ on: 'start' }], [{ on: 'start' }, { on: 'opened' }]] as ConnectionEvent[][]) {
      const waiting = run(events);
      expect(waiting.effects).toContainEqual({ do: 'timer', ms: openingLimit });
      expect(linkOf(run([{ on: 'timer' }], waiting.state).state)).toMatchObject({
        state: 'unreachable',
        why: 'no-answer',
      });
    }
  });

  it('starts its pauses anew only after it was live', () => {
    const flapping = run([
      ...reach,
      { on: 'closed', why: 'no-answer' },
      { on: 'timer' },
      { on: 'opened' },
      { on: 'welcome' },
    ]).state;
    expect(flapping).toMatchObject({ phase: 'catching-up', attempt: 1 });
    const live = run([caughtUp, { on: 'closed', why: 'no-answer' }], flapping).state;
    expect(live).toMatchObject({ phase: 'pausing', attempt: 1 });
  });

  it('waits at least 4 s when the hub did not want it', () => {
    const bye = step(run([...reach]).state, { on: 'bye', why: 'replaced' }, at(0, 0));
    expect(bye.effects).toContainEqual({ do: 'timer', ms: 4000 });
  });

  it('tries at once when the person says so or the network is back', () => {
    const pausing = run([{ on: 'start' }, { on: 'closed', why: 'refused' }]).state;
    expect(kinds(run([{ on: 'reconnect' }], pausing).effects)).toContain('open');
    expect(linkOf(run([{ on: 'reconnect' }], pausing).state).state).toBe('connecting');
    expect(kinds(run([{ on: 'network', isThere: true }], pausing).effects)).toContain('open');
    expect(linkOf(run([{ on: 'network', isThere: false }], pausing).state)).toMatchObject({ why: 'no-network' });
  });
});

describe('being dismissed', () => {
  it('renews an expired token once and then asks the person', () => {
    const first = run([{ on: 'start' }, { on: 'opened' }, { on: 'dismissed', why: 'expired' }]);
    expect(kinds(first.effects)).toEqual(['hang-up', 'refresh', 'timer']);
    const renewed = run(
      [{ on: 'refreshed', result: 'ok' }, { on: 'opened' }, { on: 'dismissed', why: 'expired' }],
      first.state,
    );
    expect(linkOf(renewed.state)).toEqual({ state: 'sign-in-needed', why: 'expired' });
    expect(renewed.effects).toContainEqual({ do: 'dismissed', why: 'expired' });
  });

  it('keeps trying when the token could not be renewed for want of the hub', () => {
    const first = run([{ on: 'start' }, { on: 'opened' }, { on: 'dismissed', why: 'expired' }]).state;
    expect(run([{ on: 'refreshed', result: 'unreachable' }], first).state.phase).toBe('pausing');
    expect(linkOf(run([{ on: 'refreshed', result: 'refused' }], first).state)).toEqual({
      state: 'sign-in-needed',
      why: 'expired',
    });
  });

  it('stays dismissed whatever comes late', () => {
    const gone = run([...reach, { on: 'dismissed', why: 'revoked' }]).state;
    for (const late of [
      { on: 'closed', why: 'silent' },
      { on: 'timer' },
      { on: 'reconnect' },
      { on: 'start' },
    ] as ConnectionEvent[]) {
      expect(run([late], gone)).toEqual({ state: gone, effects: [] });
    }
  });
});

const anyEvent: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom<ConnectionEvent>(
    { on: 'start' },
    { on: 'stop' },
    { on: 'opened' },
    { on: 'welcome' },
    { on: 'timer' },
    { on: 'reconnect' },
    { on: 'network', isThere: true },
    { on: 'network', isThere: false },
    { on: 'refreshed', result: 'ok' },
    { on: 'refreshed', result: 'refused' },
    { on: 'refreshed', result: 'unreachable' },
  ),
  fc.record({ on: fc.constant('page' as const), upTo: fc.nat(2000), head: fc.nat(2000) }),
  fc.record({
    on: fc.constant('closed' as const),
    why: fc.constantFrom('no-network', 'no-answer', 'refused', 'silent'),
  }),
  fc.record({ on: fc.constant('bye' as const), why: fc.constantFrom('draining', 'slow', 'replaced', 'flood') }),
  fc.record({
    on: fc.constant('dismissed' as const),
    why: fc.constantFrom('revoked', 'cloned', 'expired', 'disabled', 'version', 'unknown'),
  }),
);

describe('under any events', () => {
  it('never sleeps for ever: whoever waits has a timer, whoever is up has a link, and only one link is open', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyEvent, fc.double({ min: 0, max: 0.999, noNaN: true })), { maxLength: 80, size: 'max' }),
        (events) => {
          let state: Connection = offConnection;
          let hasLink = false;
          let hasTimer = false;
          let now = 0;
          for (const [event, random] of events) {
            now += 7;
            const real =
              event.on === 'timer' ? hasTimer : event.on === 'closed' || event.on === 'opened' ? hasLink : true;
            if (!real) continue;
            if (event.on === 'timer') hasTimer = false;
            if (event.on === 'closed') hasLink = false;
            const stepped = step(state, event, at(now, random));
            for (const effect of stepped.effects) {
              if (effect.do === 'open') {
                expect(hasLink).toBe(false);
                hasLink = true;
              }
              if (effect.do === 'hang-up') hasLink = false;
              if (effect.do === 'timer') {
                hasTimer = true;
                expect(effect.ms).toBeLessThanOrEqual(10_000);
                expect(effect.ms).toBeGreaterThanOrEqual(250);
              }
              if (effect.do === 'no-timer') hasTimer = false;
            }
            state = stepped.next;
            const waits = ['opening', 'greeting', 'refreshing', 'pausing'].includes(state.phase);
            expect(hasTimer).toBe(waits);
            expect(hasLink).toBe(['opening', 'greeting'].includes(state.phase) || isUp(state));
            expect(linkOf(state).state === 'live').toBe(state.phase === 'live');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('pauses between 250 ms and a limit that grows to 10 s', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const ms = pauseMs(attempt, random);
        expect(ms).toBeGreaterThanOrEqual(250);
        expect(ms).toBeLessThanOrEqual(Math.min(10_000, 250 * 2 ** attempt));
      }),
    );
    expect(pauseMs(10, 0.999)).toBeGreaterThan(9_500);
  });
});
