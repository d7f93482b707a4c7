import { assertNever } from '#shared/lib/result.ts';

/** How many commands may be under way at once. */
export const pushWindow = 32;
const longestPause = 20_000;

/**
 * How far sending has got on this link. `handed` = the highest n given to it; what lies above goes next.
 * `busy` counts `retry` answers in a row.
 */
export interface PushState {
  readonly isUp: boolean;
  readonly handed: number;
  readonly isPaused: boolean;
  readonly busy: number;
}

export const idlePush: PushState = { isUp: false, handed: 0, isPaused: false, busy: 0 };

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
  if (!state.isUp || state.isPaused) return { next: state, send: [], pauseMs: null };
  const underWay = unsettled.filter((n) => n <= state.handed).length;
  const send = unsettled.filter((n) => n > state.handed).slice(0, Math.max(0, pushWindow - underWay));
  return { next: { ...state, handed: send.at(-1) ?? state.handed }, send, pauseMs: null };
}

/**
 * Sends in order of n. Whatever has to go again goes from the first one on: never a later one before an earlier one.
 * After `gap` and `retry` there is a pause, in which the answers to what is still under way arrive and change nothing.
 */
export function stepPush(state: PushState, event: PushEvent, unsettled: readonly number[], random: number): Pushed {
  switch (event.on) {
    case 'up':
      return goOn({ isUp: true, handed: 0, isPaused: false, busy: 0 }, unsettled);
    case 'down':
      return { next: idlePush, send: [], pauseMs: null };
    case 'settled':
      return goOn({ ...state, busy: 0 }, unsettled);
    case 'written':
      return goOn(state, unsettled);
    case 'timer':
      return goOn({ ...state, isPaused: false }, unsettled);
    case 'gap': {
      const handed = Math.min(state.handed, event.lastN);
      if (!state.isUp || state.isPaused) return { next: { ...state, handed }, send: [], pauseMs: null };
      return { next: { ...state, handed, isPaused: true }, send: [], pauseMs: Math.round(50 + random * 150) };
    }
    case 'retry': {
      const handed = Math.min(state.handed, event.n - 1);
      if (!state.isUp || state.isPaused) return { next: { ...state, handed }, send: [], pauseMs: null };
      const limit = Math.min(longestPause, Math.max(100, event.afterMs) * 2 ** Math.min(state.busy, 10));
      const pauseMs = Math.round(event.afterMs + random * limit);
      return { next: { ...state, handed, isPaused: true, busy: state.busy + 1 }, send: [], pauseMs };
    }
    default:
      return assertNever(event);
  }
}

/** Whether a command written now may go out in the same moment: nothing before it waits, and there is room. */
export function mayGoAtOnce(state: PushState, n: number, unsettled: readonly number[]): boolean {
  if (!state.isUp || state.isPaused) return false;
  const last = unsettled.at(-1);
  return unsettled.length < pushWindow && (last === undefined || last <= state.handed) && n > state.handed;
}
