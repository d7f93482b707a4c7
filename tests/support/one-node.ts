import type { Db } from '#server/db/tx.ts';
import { type Hub, type HubOptions, makeHub } from '#server/hub.ts';
import { FakeClock } from '#shared/lib/time.ts';
import type { Down } from '#shared/wire/messages.ts';
import { freshDatabase } from './postgres.ts';
import { keepingLog, signed, type TestDevice, TestLink, World } from './world.ts';

/** A hub node of its own on a database some world has filled; ends with `stop`. */
export function anotherNode(options: Pick<HubOptions, 'db' | 'clock'> & Partial<HubOptions>): Promise<Hub> {
  return makeHub({ log: keepingLog(), ...options });
}

/** One node under a clock that stands still, and desks for it. */
export class OneNode {
  readonly db: Db;
  readonly clock: FakeClock;
  readonly world: World;
  private readonly points: { at: (name: string) => Promise<void> };
  private people = 0;

  private constructor(db: Db, clock: FakeClock, world: World, points: { at: (name: string) => Promise<void> }) {
    this.db = db;
    this.clock = clock;
    this.world = world;
    this.points = points;
  }

  static async start(): Promise<OneNode> {
    const db = await (await freshDatabase()).open();
    const clock = new FakeClock();
    const points = { at: (_name: string): Promise<void> => Promise.resolve() };
    return new OneNode(db, clock, await World.create(db, clock, { failPoint: (name) => points.at(name) }), points);
  }

  /** What happens at the named places of the hub from now on; null = nothing. */
  atPoint(act: ((name: string) => Promise<void>) | null): void {
    this.points.at = act ?? (() => Promise.resolve());
  }

  async desk(role: 'agent' | 'admin' = 'agent'): Promise<TestDevice> {
    this.people += 1;
    const teams = role === 'agent' ? [this.world.teams[0]] : [];
    return this.world.device(await this.world.person(`P${this.people}`, role, teams));
  }

  async join(device: TestDevice, hub = this.world.hub): Promise<TestLink> {
    const link = new TestLink().open(hub);
    link.hello(device);
    await link.until(isPage);
    return link;
  }

  command(device: TestDevice, n: number, kind: string, args: Record<string, unknown>) {
    const at = this.clock.now();
    const content = { n, id: this.world.mint.next(), kind, args, at, hubAt: at, offline: false, basis: {}, after: [] };
    return signed(device, content);
  }
}

export const bye = (m: Down) => m.t === 'bye' && m.why;
export const dismissed = (m: Down) => m.t === 'dismissed' && m.why;
export const isPage = (m: Down) => m.t === 'page';
