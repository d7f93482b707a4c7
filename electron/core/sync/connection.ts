import { assertNever } from '#shared/lib/result.ts';
import type { Link } from '#shared/session/model.ts';

/** Why the hub is out of reach, as the status pill says it. */
export type LossWhy = Extract<Link, { state: 'unreachable' }>['why'];
/** Why the hub does not want this device as it is. */
export type DismissedWhy = 'revoked' | 'cloned' | 'expired' | 'disabled' | 'version' | 'unknown';
export type ByeWhy = 'draining' | 'slow' | 'replaced' | 'flood';

/** Since when (device time, epoch ms) and why the hub is out of reach. */
export interface Loss {
  readonly since: number;
  readonly why: LossWhy;
}

/**
 * Where the link stands. `lost` = what was lost and not regained: while it is set the pill says so, whatever is tried meanwhile.
 * `attempt` counts failures since the last time the desk was live; `isFresh` = the token was renewed since then.
 */
export type Connection =
  | { readonly phase: 'off' }
  | {
      readonly phase: 'opening' | 'greeting' | 'refreshing';
      readonly since: number;
      readonly lost: Loss | null;
      readonly attempt: number;
      readonly isFresh: boolean;
    }
  | {
      readonly phase: 'catching-up';
      readonly since: number;
      readonly behind: number;
      readonly attempt: number;
      readonly isFresh: boolean;
    }
  | { readonly phase: 'live'; readonly since: number }
  | { readonly phase: 'pausing'; readonly lost: Loss; readonly attempt: number; readonly isFresh: boolean }
  | { readonly phase: 'dismissed'; readonly why: DismissedWhy };

export type ConnectionEvent =
  | { readonly on: 'start' | 'stop' | 'opened' | 'welcome' | 'timer' | 'reconnect' }
  | { readonly on: 'page'; readonly upTo: number; readonly head: number }
  | { readonly on: 'closed'; readonly why: LossWhy }
  | { readonly on: 'bye'; readonly why: ByeWhy }
  | { readonly on: 'dismissed'; readonly why: DismissedWhy }
  | { readonly on: 'network'; readonly isThere: boolean }
  | { readonly on: 'refreshed'; readonly result: 'ok' | 'refused' | 'unreachable' };

/** What is to be done, in this order. A `timer` replaces the one before it; there is at most one. */
export type ConnectionEffect =
  | { readonly do: 'open' | 'hello' | 'hang-up' | 'no-timer' | 'refresh' | 'up' }
  | { readonly do: 'timer'; readonly ms: number }
  | { readonly do: 'dismissed'; readonly why: DismissedWhy };

/** What a step needs from outside: device time (epoch ms) and a number in [0, 1). */
export interface StepContext {
  readonly now: number;
  readonly random: number;
}

export interface Stepped {
  readonly next: Connection;
  readonly effects: readonly ConnectionEffect[];
}

/** How long the hub may take to accept a connection, and to answer `hello` (ms): the pill has to be true within 5 s. */
export const openingLimit = 4000;
/** How long renewing the token may take (ms). */
export const refreshLimit = 10_000;
/** More than this many seqs behind the head is "catching up" again. */
export const liveSlack = 500;
const shortestPause = 250;
const longestPause = 10_000;
const unwantedPause = 4000;

/** Pause before the next attempt: full jitter between 250 ms and a limit that doubles up to 10 s. */
export function pauseMs(attempt: number, random: number): number {
  const limit = Math.min(longestPause, shortestPause * 2 ** Math.min(attempt, 10));
  return Math.round(shortestPause + random * (limit - shortestPause));
}

export const offConnection: Connection = { phase: 'off' };

/** The facts for the status pill. */
export function linkOf(connection: Connection): Link {
  switch (connection.phase) {
    case 'off':
      return { state: 'never' };
    case 'opening':
    case 'greeting':
    case 'refreshing':
      if (connection.lost) return { state: 'unreachable', ...connection.lost };
      return { state: 'connecting', since: connection.since };
    case 'catching-up':
      return { state: 'catching-up', since: connection.since, behind: connection.behind };
    case 'live':
      return { state: 'live', since: connection.since };
    case 'pausing':
      return { state: 'unreachable', ...connection.lost };
    case 'dismissed':
      return { state: 'sign-in-needed', why: connection.why === 'unknown' ? 'cloned' : connection.why };
    default:
      return assertNever(connection);
  }
}

/** Whether the hub answers on this link now. */
export function isUp(connection: Connection): boolean {
  return connection.phase === 'live' || connection.phase === 'catching-up';
}

/** Whether there is a connection, or one is being made. */
function isEngaged(connection: Connection): boolean {
  return isUp(connection) || connection.phase === 'opening' || connection.phase === 'greeting';
}

const stay = (next: Connection): Stepped => ({ next, effects: [] });

type Trying = { lost: Loss | null; attempt: number; isFresh: boolean };

function trying(connection: Connection): Trying {
  switch (connection.phase) {
    case 'opening':
    case 'greeting':
    case 'refreshing':
    case 'pausing':
      return { lost: connection.lost, attempt: connection.attempt, isFresh: connection.isFresh };
    case 'catching-up':
      return { lost: null, attempt: connection.attempt, isFresh: connection.isFresh };
    case 'off':
    case 'live':
    case 'dismissed':
      return { lost: null, attempt: 0, isFresh: false };
    default:
      return assertNever(connection);
  }
}

function open(how: Trying, now: number): Stepped {
  return {
    next: { phase: 'opening', since: now, ...how },
    effects: [{ do: 'open' }, { do: 'timer', ms: openingLimit }],
  };
}

/** Gives up what there is and tries again later. The loss keeps the time at which it began. */
function pause(connection: Connection, why: LossWhy, context: StepContext, atLeast = { attempt: 0, ms: 0 }): Stepped {
  const { lost, attempt, isFresh } = trying(connection);
  const next = Math.max(attempt, atLeast.attempt);
  return {
    next: { phase: 'pausing', lost: { since: lost?.since ?? context.now, why }, attempt: next + 1, isFresh },
    effects: [{ do: 'hang-up' }, { do: 'timer', ms: Math.max(atLeast.ms, pauseMs(next, context.random)) }],
  };
}

function onTimer(connection: Connection, context: StepContext): Stepped {
  switch (connection.phase) {
    case 'opening':
    case 'greeting':
    case 'refreshing':
      return pause(connection, 'no-answer', context);
    case 'pausing':
      return open(trying(connection), context.now);
    default:
      return stay(connection);
  }
}

function onPage(connection: Connection, behind: number, now: number): Stepped {
  if (connection.phase === 'live') {
    if (behind <= liveSlack) return stay(connection);
    return stay({ phase: 'catching-up', since: now, behind, attempt: 0, isFresh: false });
  }
  if (connection.phase !== 'catching-up') return stay(connection);
  if (behind > 0) return stay({ ...connection, behind });
  return stay({ phase: 'live', since: now });
}

function onBye(connection: Connection, why: ByeWhy, context: StepContext): Stepped {
  switch (why) {
    case 'draining':
      return pause(connection, 'no-answer', context, { attempt: 1, ms: 0 });
    case 'slow':
      return pause(connection, 'silent', context);
    case 'replaced':
    case 'flood':
      return pause(connection, 'refused', context, { attempt: 5, ms: unwantedPause });
    default:
      return assertNever(why);
  }
}

function onDismissed(connection: Connection, why: DismissedWhy, now: number): Stepped {
  const how = trying(connection);
  // An old token is the ordinary case after a while away; only a renewed one that is refused as well needs the person.
  if (why === 'expired' && !how.isFresh) {
    return {
      next: { phase: 'refreshing', since: now, ...how },
      effects: [{ do: 'hang-up' }, { do: 'refresh' }, { do: 'timer', ms: refreshLimit }],
    };
  }
  return {
    next: { phase: 'dismissed', why },
    effects: [{ do: 'hang-up' }, { do: 'no-timer' }, { do: 'dismissed', why }],
  };
}

function onRefreshed(connection: Connection, result: 'ok' | 'refused' | 'unreachable', context: StepContext): Stepped {
  if (connection.phase !== 'refreshing') return stay(connection);
  switch (result) {
    case 'ok':
      return open({ ...trying(connection), isFresh: true }, context.now);
    case 'refused':
      return onDismissed({ ...connection, isFresh: true }, 'expired', context.now);
    case 'unreachable':
      return pause(connection, 'no-answer', context);
    default:
      return assertNever(result);
  }
}

function onReconnect(connection: Connection, now: number): Stepped {
  const mayTry = connection.phase === 'pausing' || (connection.phase === 'dismissed' && connection.why === 'version');
  return mayTry ? open({ lost: null, attempt: 0, isFresh: trying(connection).isFresh }, now) : stay(connection);
}

function onNetwork(connection: Connection, isThere: boolean, now: number): Stepped {
  if (connection.phase !== 'pausing') return stay(connection);
  if (isThere) return open({ ...trying(connection), attempt: 0 }, now);
  return stay({ ...connection, lost: { ...connection.lost, why: 'no-network' } });
}

/**
 * The next state of the link and what is to be done about it. Total: an event that means nothing in a state changes nothing,
 * so late answers of a link that is gone do no harm.
 */
export function step(connection: Connection, event: ConnectionEvent, context: StepContext): Stepped {
  switch (event.on) {
    case 'start':
      return connection.phase === 'off'
        ? open({ lost: null, attempt: 0, isFresh: false }, context.now)
        : stay(connection);
    case 'stop':
      return { next: offConnection, effects: [{ do: 'hang-up' }, { do: 'no-timer' }] };
    case 'opened':
      if (connection.phase !== 'opening') return stay(connection);
      return {
        next: { ...connection, phase: 'greeting' },
        effects: [{ do: 'hello' }, { do: 'timer', ms: openingLimit }],
      };
    case 'welcome':
      if (connection.phase !== 'greeting') return stay(connection);
      return {
        next: {
          phase: 'catching-up',
          since: context.now,
          behind: 0,
          attempt: connection.attempt,
          isFresh: connection.isFresh,
        },
        effects: [{ do: 'no-timer' }, { do: 'up' }],
      };
    case 'page':
      return onPage(connection, Math.max(0, event.head - event.upTo), context.now);
    case 'closed':
      return isEngaged(connection) ? pause(connection, event.why, context) : stay(connection);
    case 'bye':
      return isEngaged(connection) ? onBye(connection, event.why, context) : stay(connection);
    case 'dismissed':
      return isEngaged(connection) ? onDismissed(connection, event.why, context.now) : stay(connection);
    case 'timer':
      return onTimer(connection, context);
    case 'reconnect':
      return onReconnect(connection, context.now);
    case 'network':
      return onNetwork(connection, event.isThere, context.now);
    case 'refreshed':
      return onRefreshed(connection, event.result, context);
    default:
      return assertNever(event);
  }
}
