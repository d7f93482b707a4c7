import type { HubSettings } from '#server/context.ts';
import { type Hub, makeHub } from '#server/hub.ts';
import type { Envelope } from '#shared/lib/command.ts';
import type { Id, IdMint } from '#shared/lib/ids.ts';
import { type Clock, systemClock } from '#shared/lib/time.ts';
import { type FreshDatabase, freshDatabase } from './postgres.ts';
import { keepingLog, signed, type TestDevice, type TestLink, World } from './world.ts';

/** Two hub nodes on one database, each with a pool of its own, and a world on the first. */
export interface TwoNodes {
  readonly database: FreshDatabase;
  readonly world: World;
  readonly nodes: readonly [Hub, Hub];
  stop(): Promise<void>;
}

/** Starts them and waits until each hears the other. `clock` = the second node's: one that stands still never polls. */
export async function startTwoNodes(
  settings: Partial<HubSettings> = {},
  clock: Clock = systemClock,
): Promise<TwoNodes> {
  const database = await freshDatabase();
  const world = await World.create(await database.open(), systemClock, { settings, isOneOfMany: true });
  const options = { clock, log: keepingLog(), settings, isOneOfMany: true };
  const other = await makeHub({ ...options, db: await database.open() });
  const nodes = [world.hub, other] as const;
  for (const node of nodes) await node.notify?.listening();
  return { database, world, nodes, stop: async () => void (await Promise.all(nodes.map((n) => n.stop()))) };
}

/** A command of a desk, signed, written just now on nothing special. */
export function commandOf(
  mint: IdMint,
  device: TestDevice,
  n: number,
  kind: string,
  args: Record<string, unknown>,
  more: Partial<Envelope> = {},
): Envelope {
  const at = systemClock.now();
  return signed(device, {
    n,
    id: mint.next(),
    kind,
    args,
    at,
    hubAt: at,
    offline: false,
    basis: {},
    after: [],
    ...more,
  });
}

/** What the hub answered to command n. */
export function outcomeOf(link: TestLink, n: number) {
  return link.until((m) => {
    if (m.t === 'outcome' && m.outcome.n === n) return m.outcome;
    return m.t === 'page' ? m.outcomes.find((o) => o.n === n) : null;
  });
}

/** Resolves with a row's body once a desk has it and it fits. */
export function rowAt<Body>(link: TestLink, key: string, fits: (body: Body) => boolean): Promise<Body> {
  return link.until(() => {
    const text = link.rows().get(key)?.body;
    const body = text ? (JSON.parse(text) as Body) : null;
    return body !== null && fits(body) ? body : null;
  });
}

/** How a head stands in its team's list. */
export const listed = (team: Id, conversation: Id): string => `team:${team} head ${conversation}`;
