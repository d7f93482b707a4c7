import type { Address } from '#server/db/launch.ts';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import type { Company } from '#tests/support/sim-company.ts';
import { SimDesk } from '#tests/support/sim-desk.ts';
import type { SimNode } from '#tests/support/sim-hub.ts';
import { SimRandom } from '#tests/support/sim-random.ts';
import { SimWorld } from '#tests/support/sim-world.ts';
import { Deeds } from './deeds.ts';
import type { PageHand, Stage } from './hands.ts';
import type { Action, Deed, History } from './history.ts';
import { Ledger } from './ledger.ts';
import { bringBack, unrestOf } from './play.ts';
import { simDeskHand, simPageHand } from './sim-hands.ts';

/** The desks by name: one for each person, and a second computer for the first agent. */
export const deskPlan = ['lead', 'admin', 'agent0', 'agent1', 'agent2', 'agent0b', 'agent3'];

/** The e-mail address of whoever works at a desk of that name. */
export const emailAt = (desk: string): string => `${desk.replace(/b$/, '')}@example.org`;

/** A stage in a simulated world: one process, one event at a time. */
export class SimStage implements Stage {
  readonly world: SimWorld;
  readonly ledger = new Ledger();
  readonly random: SimRandom;
  readonly deeds = new Deeds(this);
  readonly machines: SimDesk[] = [];
  desks: ReturnType<typeof simDeskHand>[] = [];
  readonly pages: PageHand[];
  /** every note that ever went to a customer's page */
  readonly leaks: string[] = [];
  private downMs = 1_000;

  private constructor(world: SimWorld, seed: number) {
    this.world = world;
    this.random = new SimRandom(seed ^ 0x51a6e);
    this.pages = world.pages.map((page) => simPageHand(page, world, this.random));
  }

  /** the database as any node that is up sees it */
  get db(): Db {
    const node = this.world.upNodes[0];
    if (!node) throw new Error('no hub is up');
    return node.db;
  }

  get company(): Company {
    return this.world.company;
  }

  static async open(server: Address, { seed, nodes, pages, desks }: History): Promise<SimStage> {
    const names = deskPlan.slice(0, desks);
    const world = await SimWorld.create(server, { seed, nodes, pages, desks: names.length });
    const stage = new SimStage(world, seed);
    world.onNodeGone = (node) => stage.startLater(node, stage.downMs);
    world.net.onHeard = (wire, from, body) => {
      if (wire.kind === 'visitor' && from === 'node') stage.listen(body);
    };
    for (const [i, name] of names.entries()) {
      const parts = { code: world.company.codes[i] ?? '', seed: stage.random.fork() };
      stage.machines.push(new SimDesk(name, emailAt(name), world, parts));
    }
    for (const machine of stage.machines) {
      const entered = await machine.signIn();
      if (!entered.ok) throw new Error(`${machine.name} cannot sign in: ${entered.error.code}`);
    }
    stage.desks = stage.machines.map(simDeskHand);
    for (const page of world.pages) void page.session;
    return stage;
  }

  async act({ then, ...deed }: Action): Promise<void> {
    await this.deeds.perform(deed as Deed);
    await this.world.rest();
    await this.world.run(then);
  }

  /** Nothing breaks any more: everything comes back, everybody signs in where it is asked. Answers what is still in the way of rest. */
  async heal(isLast = true): Promise<string> {
    const { world, machines } = this;
    world.offline.clear();
    for (const node of world.nodes) {
      node.fate = () => ({ kind: 'go' });
      node.setWrong(0);
      await world.startNode(node);
    }
    for (const page of world.pages) void page.session;
    for (const machine of machines) machine.setWrong(0);
    for (const page of this.pages) page.setWrong(0);
    const isSettled = (): boolean =>
      machines.every((m) => m.isLive || m.link === 'locked' || m.link.startsWith('dismissed'));
    for (let round = 0; round < 4; round += 1) {
      await world.runUntil(isSettled, 60_000, this.random.fork());
      await bringBack(this, this.deeds);
    }
    const isQuiet = (): boolean =>
      machines.every((m) => m.isLive && m.waiting === 0) && this.pages.every((p) => p.isAtRest);
    await world.runUntil(isQuiet, 180_000, this.random.fork());
    // Upkeep, heartbeats and marks have their own pace.
    await world.runUntil(() => false, isLast ? 8_000 : 0, this.random.fork());
    return unrestOf(this);
  }

  onLine(client: string, what: 'cut' | 'swallow' | 'ghost' | 'slow', ms: number): Promise<void> {
    const { net, time } = this.world;
    for (const wire of net.of(client)) {
      if (what === 'cut') wire.cut(this.random);
      else if (what === 'swallow') net.swallow(wire);
      else if (what === 'ghost') wire.ghost(time.at + ms);
      else wire.heldUntil = time.at + ms;
    }
    return Promise.resolve();
  }

  setOffline(client: string, isOffline: boolean): Promise<void> {
    const { offline, net } = this.world;
    if (isOffline) offline.add(client);
    else offline.delete(client);
    if (isOffline) for (const wire of net.of(client)) wire.cut(this.random);
    return Promise.resolve();
  }

  async onHub(deed: Extract<Deed, { node: number }>): Promise<void> {
    const { world } = this;
    const node = world.nodes[deed.node % world.nodes.length];
    if (!node?.isUp) return;
    // Pages of several desks are read at once: one desk is meant, or chance would not be the seed's.
    const machine = 'desk' in deed ? this.machines[deed.desk % this.machines.length] : undefined;
    const device = machine?.core.desk?.deviceId;
    const once = (point: string, fate: ReturnType<SimNode['fate']>): void => {
      node.fate = (at, whose) => {
        if (at !== point || (at === 'page.read' && whose !== device)) return { kind: 'go' };
        node.fate = () => ({ kind: 'go' });
        return fate;
      };
    };
    switch (deed.do) {
      case 'hubClock':
        return node.setWrong(deed.ms);
      case 'throwOnce':
        return once('command.decided', { kind: 'throw' });
      case 'holdPage':
        return once('page.read', { kind: 'wait', ms: deed.ms });
      case 'stopHub':
        await node.stop();
        for (const wire of world.net.to(node.name)) wire.died('node', this.random);
        return this.startLater(node, deed.downMs);
      case 'crashHub':
        this.downMs = deed.downMs;
        if (deed.point !== 'now') return once(deed.point, { kind: 'crash' });
        return world.crashNode(node);
    }
  }

  backUp(): Promise<string | null> {
    return this.world.backUp();
  }

  restoreBackup(file: string): Promise<void> {
    return this.world.restoreBackup(file);
  }

  async known(texts: readonly string[]): Promise<ReadonlySet<string>> {
    const { company, upNodes } = this.world;
    const rows = await upNodes[0]?.db.rows(sql<{ text: string }>`
      select text from messages where org = ${company.org}::uuid and text = any(${texts}::text[])`);
    return new Set(rows?.map((row) => row.text));
  }

  async close(): Promise<void> {
    for (const machine of this.machines) machine.close();
    await this.world.close();
  }

  private listen(body: unknown): void {
    const text = JSON.stringify(body);
    for (const entry of this.ledger.entries) {
      if (entry.kind === 'note' && text.includes(entry.token)) this.leaks.push(entry.text);
    }
  }

  /** A hub that is down comes back after a while, whatever else happens. */
  private startLater(node: SimNode, ms: number): void {
    this.world.later(ms, () => this.world.startNode(node));
  }
}
