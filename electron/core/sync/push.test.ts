import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idlePush, mayGoAtOnce, type PushEvent, type PushState, pushWindow, stepPush } from './push.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('sending in order', () => {
  it('sends a window full when the line is up and the rest as outcomes come', () => {
    const first = stepPush(idlePush, { on: 'up' }, upTo(40), 0);
    expect(first.send).toEqual(upTo(pushWindow));
    expect(stepPush(first.next, { on: 'settled' }, upTo(40).slice(2), 0).send).toEqual([33, 34]);
    expect(stepPush(first.next, { on: 'written' }, upTo(41), 0).send).toEqual([]);
  });

  it('sends nothing while the line is down or the hub is busy', () => {
    expect(stepPush(idlePush, { on: 'written' }, [1], 0).send).toEqual([]);
    const up = stepPush(idlePush, { on: 'up' }, [1, 2], 0).next;
    const busy = stepPush(up, { on: 'retry', n: 1, afterMs: 200 }, [1, 2], 0.5);
    expect(busy.pauseMs).toBe(300);
    expect(stepPush(busy.next, { on: 'written' }, [1, 2, 3], 0).send).toEqual([]);
    expect(stepPush(busy.next, { on: 'timer' }, [1, 2, 3], 0).send).toEqual([1, 2, 3]);
  });

  it('pauses longer the more often the hub says it is busy', () => {
    let state: PushState = stepPush(idlePush, { on: 'up' }, [1], 0).next;
    const pauses: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const busy = stepPush(state, { on: 'retry', n: 1, afterMs: 100 }, [1], 0.999);
      pauses.push(busy.pauseMs ?? 0);
      state = stepPush(busy.next, { on: 'timer' }, [1], 0).next;
    }
    expect(pauses).toEqual([200, 300, 500, 899]);
  });

  it('goes back to the first one missing after a gap, and once for many gaps', () => {
    const up = stepPush(idlePush, { on: 'up' }, [4, 5, 6], 0).next;
    const gap = stepPush(up, { on: 'gap', lastN: 3 }, [4, 5, 6], 0);
    expect(gap.pauseMs).not.toBeNull();
    const again = stepPush(gap.next, { on: 'gap', lastN: 3 }, [4, 5, 6], 0);
    expect(again.pauseMs).toBeNull();
    expect(stepPush(again.next, { on: 'timer' }, [4, 5, 6], 0).send).toEqual([4, 5, 6]);
  });

  it('lets a new command go at once only when nothing waits before it', () => {
    const up = stepPush(idlePush, { on: 'up' }, [], 0).next;
    expect(mayGoAtOnce(up, 1, [])).toBe(true);
    expect(mayGoAtOnce(up, 2, [1])).toBe(false);
    expect(mayGoAtOnce({ ...up, handed: 1 }, 2, [1])).toBe(true);
    expect(mayGoAtOnce({ ...up, handed: 32 }, 33, upTo(32))).toBe(false);
    expect(mayGoAtOnce(idlePush, 1, [])).toBe(false);
  });
});

type Act = 'write' | 'deliver' | 'answer' | 'busy' | 'cut' | 'link' | 'timer';

/** A hub that decides in order and once, and a line on which anything under way may be lost when it is cut. */
class World {
  state: PushState = idlePush;
  unsettled: number[] = [];
  decided: number[] = [];
  private written = 0;
  sent = 0;
  private hasTimer = false;
  private toHub: number[] = [];
  private toDesk: PushEvent[] = [];
  private answers: number[] = [];

  act(act: Act): void {
    switch (act) {
      case 'write':
        this.written += 1;
        this.unsettled.push(this.written);
        this.apply({ on: 'written' });
        break;
      case 'deliver':
      case 'busy': {
        const n = this.toHub.shift();
        const last = this.decided.at(-1) ?? 0;
        if (n === undefined) break;
        if (n > last + 1) this.toDesk.push({ on: 'gap', lastN: last });
        else if (act === 'busy' && n === last + 1) this.toDesk.push({ on: 'retry', n, afterMs: 10 });
        else {
          if (n === last + 1) this.decided.push(n);
          this.answers.push(n);
          this.toDesk.push({ on: 'settled' });
        }
        break;
      }
      case 'answer': {
        const event = this.toDesk.shift();
        if (!event) break;
        if (event.on === 'settled') {
          const n = this.answers.shift();
          this.unsettled = this.unsettled.filter((u) => u !== n);
        }
        this.apply(event);
        break;
      }
      case 'cut':
        this.toHub = [];
        this.toDesk = [];
        this.answers = [];
        this.hasTimer = false;
        this.apply({ on: 'down' });
        break;
      case 'link':
        if (!this.state.isUp) this.apply({ on: 'up' });
        break;
      case 'timer':
        if (!this.hasTimer) break;
        this.hasTimer = false;
        this.apply({ on: 'timer' });
        break;
    }
  }

  /** The line is quicker than any pause: everything under way arrives and is answered. */
  drain(): void {
    while (this.toHub.length > 0 || this.toDesk.length > 0) {
      this.act('deliver');
      this.act('answer');
    }
  }

  private apply(event: PushEvent): void {
    const { next, send, pauseMs } = stepPush(this.state, event, this.unsettled, 0.5);
    this.state = next;
    if (pauseMs !== null) this.hasTimer = true;
    // A pause without a timer would never end; a timer without a pause does nothing.
    expect(this.hasTimer || next.pause === 'none').toBe(true);
    expect(send).toEqual([...send].sort((a, b) => a - b));
    this.toHub.push(...send);
    this.sent += send.length;
    expect(this.unsettled.filter((n) => n <= next.handed).length).toBeLessThanOrEqual(pushWindow);
  }
}

describe('under losses, gaps and a busy hub', () => {
  it('never reorders, never counts twice, and ends with everything decided', () => {
    const act = fc.constantFrom<Act>(
      'write',
      'write',
      'deliver',
      'deliver',
      'deliver',
      'answer',
      'answer',
      'busy',
      'cut',
      'link',
      'timer',
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200, size: 'max' }), (acts) => {
        const world = new World();
        for (const one of acts) world.act(one);
        for (let i = 0; i < 60; i += 1) {
          world.act('link');
          world.drain();
          world.act('timer');
        }
        expect(world.unsettled).toEqual([]);
        expect(world.decided).toEqual(upTo(world.decided.length));
        expect(world.decided).toHaveLength(acts.filter((a) => a === 'write').length);
        // Sending again must not feed on itself: what disturbs costs one window, not one for each answer.
        const causes = acts.filter((a) => a === 'busy' || a === 'link' || a === 'timer').length;
        expect(world.sent).toBeLessThanOrEqual(world.decided.length + (2 * causes + 2) * pushWindow);
      }),
      { numRuns: 400 },
    );
  });
});
