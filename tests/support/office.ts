import { heldConversations } from '#server/conversation/handle.ts';
import { sql } from '#server/db/sql.ts';
import type { Hub } from '#server/hub.ts';
import { holders } from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';
import {
  conversationOfCause,
  type HeldConversation,
  type Holder,
  holdingId,
  openedHoldings,
  ownershipHoldings,
  standingHoldings,
} from '#shared/session/rules.ts';
import type { Down } from '#shared/wire/messages.ts';
import { commandOf } from './two-nodes.ts';
import { type TestDevice, TestLink, type World } from './world.ts';

/** A desk that acts: it says hello when it has to, counts its commands, and waits for every answer. */
export class ActingDesk {
  readonly device: TestDevice;
  private readonly world: World;
  private link: TestLink | null = null;
  private n = 0;
  private lastId: Id | null = null;
  /** one thing at a time, whoever asks for it */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(world: World, device: TestDevice) {
    this.world = world;
    this.device = device;
  }

  private async join(hub: Hub): Promise<TestLink | null> {
    if (this.link && !this.link.isClosed) return this.link;
    const link = new TestLink().open(hub);
    link.hello(this.device, { lastN: this.n, lastId: this.lastId });
    const first = await link.until((m) => (m.t === 'page' || m.t === 'dismissed') && m);
    this.link = first.t === 'page' ? link : null;
    return this.link;
  }

  /** Sends one command; its status, or null when the hub does not want this desk. */
  command(hub: Hub, kind: string, args: Record<string, unknown>): Promise<string | null> {
    return this.next(() => this.sendCommand(hub, kind, args));
  }

  private next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async sendCommand(hub: Hub, kind: string, args: Record<string, unknown>): Promise<string | null> {
    const link = await this.join(hub);
    if (!link) return null;
    const n = this.n + 1;
    const command = commandOf(this.world.mint, this.device, n, kind, args);
    link.say({ t: 'command', command });
    const answer = await link.until((m) => isAnswer(m, n) && m);
    if (answer.t !== 'outcome') return null;
    this.n = n;
    this.lastId = command.id;
    return answer.outcome.status;
  }

  /** Asks; whether it was granted, or null when the hub does not want this desk. */
  ask(hub: Hub, name: string, args: Record<string, unknown>): Promise<boolean | null> {
    return this.next(() => this.sendAsk(hub, name, args));
  }

  private async sendAsk(hub: Hub, name: string, args: Record<string, unknown>): Promise<boolean | null> {
    const link = await this.join(hub);
    if (!link) return null;
    const id = this.world.mint.next();
    link.say({ t: 'ask', id, name, args });
    const answer = await link.until((m) => ((m.t === 'answer' && m.id === id) || m.t === 'dismissed') && m);
    return answer.t === 'answer' ? answer.ok : null;
  }

  close(): void {
    this.link?.close();
  }
}

function isAnswer(m: Down, n: number): boolean {
  return (m.t === 'outcome' && m.outcome.n === n) || m.t === 'dismissed';
}

/** Who is known to an organisation and what there is to hold, read from the tables of the slices that own it. */
export interface Facts {
  readonly holders: readonly Holder[];
  readonly conversations: readonly HeldConversation[];
}

export async function factsOf(world: World): Promise<Facts> {
  const { db } = world.hub.ctx;
  const persons = await db.rows(sql<{ id: Id }>`select id from persons where org = ${world.org}::uuid`);
  const all = await db.rows(sql<{ id: Id }>`select id from conversations where org = ${world.org}::uuid`);
  return {
    holders: await holders(db, world.org, { persons: persons.map((p) => p.id), devices: [] }),
    conversations: await heldConversations(db, world.org, { ids: all.map((c) => c.id), owners: [] }),
  };
}

/** What each device may hold by the rules: standing, by ownership, and of what it has opened (`opened`: device and conversation). */
export function allowed(
  { holders: all, conversations }: Facts,
  opened: (device: Id, conversation: Id) => boolean,
): string[] {
  const rows: string[] = [];
  for (const holder of all) {
    const held = [
      ...standingHoldings(holder),
      ...conversations.flatMap((c) => ownershipHoldings(holder, c)),
      ...conversations.filter((c) => opened(holder.deviceId, c.id)).flatMap((c) => openedHoldings(holder, c)),
    ];
    rows.push(...held.map((h) => `${holder.deviceId} ${holdingId(h)}`));
  }
  return rows.sort();
}

/** What devices hold by the table, and what they are told they hold by the stream: both must be the same. */
export async function heldNow(world: World): Promise<{ table: string[]; stream: string[]; opened: Set<string> }> {
  const { db } = world.hub.ctx;
  const table = await db.rows(
    sql<{
      device: Id;
      scope: string;
      cause: string;
    }>`select device, scope, cause from holdings where org = ${world.org}::uuid`,
  );
  const stream = await db.rows(sql<{ scope: string; id: string; body: string }>`
    select scope, id, body from replica where org = ${world.org}::uuid and entity = 'holding' and body is not null`);
  const opened = table.filter((h) => h.cause.startsWith('opened:'));
  return {
    table: table.map((h) => `${h.device} ${holdingId(h)}`).sort(),
    stream: stream.map((r) => `${r.scope.slice('device:'.length)} ${r.id}`).sort(),
    opened: new Set(opened.map((h) => `${h.device} ${conversationOfCause(h.cause)}`)),
  };
}
