import { assertNever } from '#shared/lib/result.ts';

/** How many commands may be under way at once. */
export const pushWindow = 32;
const longestPause = 20_000;
/** When a gap is answered by sending again, how long that may take before it is tried once more (ms). */
const lateMs = 2000;

/**
 * How far sending has got on this link. `handed` = the highest n given to it; what lies above goes next.
 * `busy` counts `retry` answers in a row.
 */
export interface PushState {
  readonly isUp: boolean;
  readonly handed: number;
  /** busy: the hub asked for it; gap: until what is under way has been answered; late: a second gap at one place, which is most
   * likely the answer to something sent before the first */
  readonly pause: 'none' | 'busy' | 'gap' | 'late';
  readonly busy: number;
  /** the place of the last gap, as long as the hub has not got beyond it; null = none */
  readonly gapAt: number | null;
}

export const idlePush: PushState = { isUp: false, handed: 0, pause: 'none', busy: 0, gapAt: null };

export type PushEvent =
  | { readonly on: 'up' | 'down' | 'timer' | 'settled' | 'written' }
  /** the hub is at lastN and got something later */
  | { readonly on: 'gap'; readonly lastN: number }
  /** the hub is busy: n was not decided */
  | { readonly on: 'retry'; readonly n: number; readonly afterMs: number };

export interface Pushed {
  readonly next: PushState;
  /** the commands to be sent now, in this order */
  readonly send: readonly number[];
  /** start the one timer with so many ms; null = leave it as it is */
  readonly pauseMs: number | null;
}

/** The next commands to go: in order of n, without a hole, within the window. `unsettled` is sorted. */
function goOn(state: PushState, unsettled: readonly number[]): Pushed {
  if (!state.isUp || state.pause !== 'none') return { next: state, send: [], pauseMs: null };
  const underWay = unsettled.filter((n) => n <= state.handed).length;
  const send = unsettled.filter((n) => n > state.handed).slice(0, Math.max(0, pushWindow - underWay));
  return { next: { ...state, handed: send.at(-1) ?? state.handed }, send, pauseMs: null };
}

const stay = (next: PushState): Pushed => ({ next, send: [], pauseMs: null });

function onSettled(state: PushState, unsettled: readonly number[]): Pushed {
  const isBeyond = state.gapAt !== null && !unsettled.includes(state.gapAt + 1);
  const gapAt = isBeyond ? null : state.gapAt;
  const pause = isBeyond && state.pause === 'late' ? 'none' : state.pause;
  return goOn({ ...state, busy: 0, gapAt, pause }, unsettled);
}

function onTimer(state: PushState, unsettled: readonly number[]): Pushed {
  // What was sent again has not been answered either: once more from there.
  const handed = state.pause === 'late' ? Math.min(state.handed, state.gapAt ?? state.handed) : state.handed;
  return goOn({ ...state, handed, pause: 'none' }, unsettled);
}

function onGap(state: PushState, lastN: number, random: number): Pushed {
  if (!state.isUp) return stay(state);
  if (state.gapAt === lastN) {
    if (state.pause !== 'none') return stay(state);
    return { next: { ...state, pause: 'late' }, send: [], pauseMs: lateMs };
  }
  const next = { ...state, handed: Math.min(state.handed, lastN), gapAt: lastN };
  if (state.pause !== 'none') return stay(next);
  return { next: { ...next, pause: 'gap' }, send: [], pauseMs: Math.round(50 + random * 150) };
}

function onRetry(state: PushState, n: number, afterMs: number, random: number): Pushed {
  const next = { ...state, handed: Math.min(state.handed, n - 1) };
  if (!state.isUp || state.pause === 'busy') return stay(next);
  const limit = Math.min(longestPause, Math.max(100, afterMs) * 2 ** Math.min(state.busy, 10));
  // What was sent after it comes back as gaps at its place: they say nothing new.
  const paused: PushState = { ...next, pause: 'busy', busy: state.busy + 1, gapAt: n - 1 };
  return { next: paused, send: [], pauseMs: Math.round(afterMs + random * limit) };
}

/**
 * Sends in order of n. Whatever has to go again goes from the first one on: never a later one before an earlier one.
 * After `gap` and `retry` there is a pause, in which the answers to what is still under way arrive and change nothing.
 */
export function stepPush(state: PushState, event: PushEvent, unsettled: readonly number[], random: number): Pushed {
  switch (event.on) {
    case 'up':
      return goOn({ ...idlePush, isUp: true }, unsettled);
    case 'down':
      return stay(idlePush);
    case 'settled':
      return onSettled(state, unsettled);
    case 'written':
      return goOn(state, unsettled);
    case 'timer':
      return onTimer(state, unsettled);
    case 'gap':
      return onGap(state, event.lastN, random);
    case 'retry':
      return onRetry(state, event.n, event.afterMs, random);
    default:
      return assertNever(event);
  }
}

/** Whether a command written now may go out in the same moment: nothing before it waits, and there is room. */
export function mayGoAtOnce(state: PushState, n: number, unsettled: readonly number[]): boolean {
  if (!state.isUp || state.pause !== 'none') return false;
  const last = unsettled.at(-1);
  return unsettled.length < pushWindow && (last === undefined || last <= state.handed) && n > state.handed;
}
