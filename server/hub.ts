import { askHandlers as conversationAsks } from '#server/conversation/asks.ts';
import {
  handlers as conversationHandlers,
  gatherMarks,
  heldConversations,
  type Marks,
} from '#server/conversation/handle.ts';

import { handlers as inboxHandlers } from '#server/inbox/handle.ts';
import { askHandlers as sessionAsks } from '#server/session/asks.ts';
import { holders, handlers as sessionHandlers } from '#server/session/handle.ts';
import { IdMint, type RandomBytes, secureRandom } from '#shared/lib/ids.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { FailPoint, HubContext, HubSettings, Log } from './context.ts';
import type { Db } from './db/tx.ts';
import { makeCommit } from './replica/commit.ts';
import { type Notify, startNotify } from './replica/notify.ts';
import { startTail, type Tail } from './replica/tail.ts';
import { makeAskDesk } from './socket/asks.ts';
import { makeCommandDesk } from './socket/commands.ts';
import { type Gateway, makeGateway } from './socket/gateway.ts';
import { type Presences, startPresences } from './socket/presence.ts';
import { makeSignals, type Signals } from './socket/signals.ts';

const hour = 60 * 60 * 1000;

/** What a hub goes by when nothing else is said. */
export const defaultSettings: HubSettings = {
  offlineForMs: 12 * hour,
  keepForMs: 7 * 24 * hour,
  accessForMs: 15 * 60 * 1000,
  refreshForMs: 30 * 24 * hour,
  presenceForMs: 30_000,
  slowReaderMs: 30_000,
  isDemo: false,
};

export interface HubOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: RandomBytes;
  readonly failPoint?: FailPoint;
  readonly settings?: Partial<HubSettings>;
  /** whether other nodes may work on the same database: then each hears of the others' commits at once */
  readonly isOneOfMany?: boolean;
}

/** One hub node without its doors: everything that decides, nothing that listens. */
export interface Hub {
  readonly ctx: HubContext;
  readonly gateway: Gateway;
  readonly tail: Tail;
  readonly marks: Marks;
  readonly presences: Presences;
  readonly signals: Signals;
  /** the line to the other nodes; null when there is none */
  readonly notify: Notify | null;
  /** resolves when nothing is being worked on; for tests that own the clock */
  quiet(): Promise<void>;
  /** whether the node has begun to stop: nobody new should come */
  isStopping(): boolean;
  /** ends every connection and waits for what is under way; the database stays open */
  stop(): Promise<void>;
}

/** Puts one node together over an open, migrated database. */
export async function makeHub(options: HubOptions): Promise<Hub> {
  let notify: Notify | null = null;
  let isStopping = false;
  const random = options.random ?? secureRandom;
  const tail = startTail(options.db, options.clock, (error) =>
    options.log.warn({ error: String(error) }, 'the stream could not be followed'),
  );
  const ctx: HubContext = {
    db: options.db,
    clock: options.clock,
    random,
    mint: new IdMint(options.clock, random),
    log: options.log,
    failPoint: options.failPoint ?? (() => Promise.resolve()),
    commit: makeCommit({ holders, conversations: heldConversations }, random),
    onCommitted() {
      tail.nudge();
      notify?.news();
    },
    settings: { ...defaultSettings, ...options.settings },
  };
  const commands = makeCommandDesk(
    ctx,
    new Map([
      ...Object.entries(conversationHandlers),
      ...Object.entries(inboxHandlers),
      ...Object.entries(sessionHandlers),
    ]),
  );
  const asks = makeAskDesk(ctx, new Map([...Object.entries(conversationAsks), ...Object.entries(sessionAsks)]));
  const marks = gatherMarks(ctx);
  const presences = await startPresences(ctx);
  const signals = makeSignals(ctx);
  const gateway = makeGateway(ctx, { commands, asks, marks, presences, signals });
  tail.onNews((news) => gateway.tell(news));
  if (options.isOneOfMany) {
    notify = startNotify({
      db: options.db,
      clock: options.clock,
      onNews: () => tail.nudge(),
      onSignal: (text) => signals.hear(text),
      onError: (error) => options.log.warn({ error: String(error) }, 'other nodes are not heard at once for now'),
    });
    const line = notify;
    signals.onPass((text) => line.signal(text));
  }
  await tail.look();
  return {
    ctx,
    gateway,
    tail,
    marks,
    presences,
    signals,
    notify,
    async quiet() {
      await gateway.quiet();
      await tail.look();
      await gateway.quiet();
    },
    isStopping: () => isStopping,
    async stop() {
      isStopping = true;
      await gateway.drain();
      await marks.stop();
      await presences.stop();
      await notify?.stop();
      await tail.stop();
    },
  };
}
