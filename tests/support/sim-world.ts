import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { backup } from '#server/db/backup.ts';
import type { Address } from '#server/db/launch.ts';
import { openDb } from '#server/db/open.ts';
import { restore } from '#server/db/restore.ts';
import { systemClock } from '#shared/lib/time.ts';
import { createDatabase, dropDatabase, must } from './postgres-server.ts';
import { type Company, foundCompany } from './sim-company.ts';
import { SimNode } from './sim-hub.ts';
import { SimNet, type Wire } from './sim-net.ts';
import { SimPage } from './sim-page.ts';
import { SimRandom } from './sim-random.ts';
import { SimTime } from './sim-time.ts';

/** What comes back of a call over HTTP; null = nothing. */
export type HttpAnswer = { readonly status: number; readonly body: unknown } | null;

export interface WorldSize {
  readonly seed: number;
  readonly nodes: number;
  readonly pages: number;
  /** how many desks may be enrolled */
  readonly desks: number;
}

/**
 * A simulated world: hub nodes over one real database, customers' pages and the net between them, in one process.
 * Clock, network and order of events come from the seed; after each event everything comes to rest before the next.
 */
export class SimWorld {
  readonly time = new SimTime();
  readonly net = new SimNet(this.time);
  readonly nodes: SimNode[] = [];
  readonly pages: SimPage[] = [];
  /** clients that cannot reach any hub */
  readonly offline = new Set<string>();
  readonly folder: string;
  company!: Company;
  /** how many events happened; two runs of one seed agree */
  steps = 0;
  /** how often each client tried to reach a hub */
  readonly dials = new Map<string, number>();
  /** told when a node's process ended */
  onNodeGone: (node: SimNode) => void = () => undefined;
  /** whether the answer to a call of this client gets lost */
  isAnswerLost: (client: string) => boolean = () => false;
  private readonly calls: { readonly client: string; readonly run: () => Promise<void> }[] = [];
  private readonly ownClock = this.time.clock();
  private readonly tasks: (() => Promise<void>)[] = [];
  private readonly server: Address;
  private address: Address;
  private readonly admin: Client;
  private readonly random: SimRandom;
  private backups = 0;
  private readonly databases: Address[] = [];

  private constructor(server: Address, address: Address, admin: Client, folder: string, seed: number) {
    this.server = server;
    this.address = address;
    this.admin = admin;
    this.folder = folder;
    this.random = new SimRandom(seed);
    this.databases.push(address);
  }

  static async create(server: Address, size: WorldSize): Promise<SimWorld> {
    const address = await createDatabase(server);
    const admin = new Client({ ...server, database: 'postgres' });
    await admin.connect();
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-sim-'));
    const world = new SimWorld(server, address, admin, folder, size.seed);
    for (let i = 0; i < size.nodes; i += 1) world.nodes.push(new SimNode(`hub${i}`, world.time, world.random.fork()));
    const first = world.nodes[0];
    if (!first) throw new Error('a world needs a hub');
    await first.start(address);
    world.company = await foundCompany(first.hub.ctx, new SimRandom(world.random.fork()).bytes, size.desks);
    for (const node of world.nodes.slice(1)) await node.start(address);
    const { sites } = world.company;
    const parts = (): ConstructorParameters<typeof SimPage>[2] => ({
      time: world.time,
      dial: (c, k) => world.dial(c, k),
      seed: world.random.fork(),
    });
    for (let i = 0; i < size.pages; i += 1)
      world.pages.push(new SimPage(`page${i}`, sites[i % sites.length] ?? '', parts()));
    await world.rest();
    return world;
  }

  get upNodes(): SimNode[] {
    return this.nodes.filter((n) => n.isUp);
  }

  /** A wire from a client to a node that is up; null when it reaches none. */
  dial(client: string, kind: 'visitor' | 'desk'): Wire | null {
    this.dials.set(client, (this.dials.get(client) ?? 0) + 1);
    const node = this.reach(client);
    if (!node) return null;
    const wire = this.net.connect(client, node.name, kind);
    if (kind === 'desk') node.takeDesk(wire);
    else node.takeVisitor(wire, client);
    return wire;
  }

  /** The node a client would get to now. */
  reach(client: string): SimNode | null {
    return this.offline.has(client) ? null : (this.random.pick(this.upNodes) ?? null);
  }

  /** A call over HTTP: it reaches a node when its turn comes, and its answer may be lost on the way. */
  call(client: string, path: string, body: unknown, bearer: string): Promise<HttpAnswer> {
    return new Promise((settle) => {
      this.calls.push({
        client,
        run: async () => {
          const node = this.reach(client);
          const answer = node ? await node.call(path, structuredClone(body), bearer).catch(() => null) : null;
          const isLost = this.isAnswerLost(client);
          if (answer === null || isLost) return settle(null);
          settle(answer.ok ? { status: 200, body: answer.value } : { status: 400, body: { error: answer.error } });
        },
      });
    });
  }

  /** Answers one call of this client that waits; false when there is none. */
  async answerCall(client: string | null): Promise<boolean> {
    const at = this.calls.findIndex((call) => client === null || call.client === client);
    const [call] = at < 0 ? [] : this.calls.splice(at, 1);
    await call?.run();
    return call !== undefined;
  }

  /** Does something of the world's own after a while. */
  later(ms: number, task: () => Promise<void>): void {
    this.ownClock.setTimeout(() => this.tasks.push(task), ms);
  }

  /** Everything that is being worked on is done; a node that was told to die dies; what the world itself has to do is done. */
  async rest(): Promise<void> {
    for (;;) {
      for (const node of this.nodes) if (node.isUp) await node.rest();
      const doomed = this.nodes.find((n) => n.isUp && n.isToDie);
      if (doomed) await this.crashNode(doomed);
      const task = this.tasks.shift();
      await task?.();
      if (!doomed && !task) return;
    }
  }

  async crashNode(node: SimNode): Promise<void> {
    await node.crash(this.admin);
    for (const wire of this.net.to(node.name)) wire.died('node', this.random);
    this.onNodeGone(node);
  }

  async startNode(node: SimNode): Promise<void> {
    if (!node.isUp) await node.start(this.address);
    await this.rest();
  }

  /** One event: something arrives, or time goes on to the next alarm. False when nothing is left up to `until`. */
  async step(random: SimRandom, until: number): Promise<boolean> {
    const due = this.time.nextDue();
    const isAlarm = due !== null && due <= until && random.next() < 0.25;
    const happened =
      (await this.answerCall(null)) || (!isAlarm && this.net.deliverOne(random)) || this.time.runNext(until);
    if (!happened) return false;
    this.steps += 1;
    await this.rest();
    return true;
  }

  /** Goes on by itself for a while. */
  async run(course: { steps: number; ms: number; seed: number }): Promise<void> {
    const random = new SimRandom(course.seed);
    const until = this.time.at + course.ms;
    for (let i = 0; i < course.steps; i += 1) if (!(await this.step(random, until))) return;
  }

  /** Goes on until `isDone` and nothing is under way, at most `ms`. Answers whether it came to that. */
  async runUntil(isDone: () => boolean, ms: number, seed: number): Promise<boolean> {
    const random = new SimRandom(seed);
    const end = this.time.at + ms;
    while (this.time.at < end) {
      if (this.net.isIdle && isDone()) return true;
      if (!(await this.answerCall(null)) && !this.net.deliverOne(random) && !this.time.runNext(end)) break;
      this.steps += 1;
      await this.rest();
    }
    return this.net.isIdle && isDone();
  }

  /** Backs the database up to a file, while everything works. */
  async backUp(): Promise<string | null> {
    const node = this.upNodes[0];
    if (!node) return null;
    this.backups += 1;
    const file = join(this.folder, `backup-${this.backups}`);
    await backup(node.db, file, systemClock);
    return file;
  }

  /** All nodes end; the hub's past is put back from a file; the nodes start again on it. */
  async restoreBackup(file: string): Promise<void> {
    for (const node of this.upNodes) await this.crashNode(node);
    this.address = await createDatabase(this.server, { isEmpty: true });
    this.databases.push(this.address);
    const db = must(await openDb({ address: this.address }));
    must(await restore(db, file, { clock: systemClock }));
    await db.close();
    for (const node of this.nodes) await this.startNode(node);
  }

  async close(): Promise<void> {
    for (const page of this.pages) page.kill();
    for (const node of this.upNodes) await node.crash(this.admin);
    for (const address of this.databases) await dropDatabase(address);
    await this.admin.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
