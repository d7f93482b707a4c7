import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup } from '#server/db/backup.ts';
import type { Address } from '#server/db/launch.ts';
import { openDb } from '#server/db/open.ts';
import { restore } from '#server/db/restore.ts';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import { makeHub } from '#server/hub.ts';
import { delay, systemClock } from '#shared/lib/time.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';
import { createDatabase, dropDatabase, must, urlOf } from '#tests/support/postgres-server.ts';
import { type CuttableProxy, startProxy } from '#tests/support/proxy.ts';
import { type Company, foundCompany } from '#tests/support/sim-company.ts';
import { SimRandom } from '#tests/support/sim-random.ts';
import { keepingLog } from '#tests/support/world.ts';
import { Deeds } from './deeds.ts';
import type { Stage } from './hands.ts';
import type { Action, Deed, History } from './history.ts';
import { Ledger } from './ledger.ts';
import { bringBack, isAtRest, isShut, unrestOf, until } from './play.ts';
import { RealDesk } from './real-desk.ts';
import { RealPage } from './real-page.ts';
import { deskPlan, emailAt } from './sim-stage.ts';

/** How much shorter everything is than in a simulated world, where time costs nothing. */
const pace = 8;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const at = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  if (at === null || typeof at === 'string') throw new Error('no port is free');
  return at.port;
}

/** A stage of real processes: hubs and cores that are killed with signal 9 or stopped, sockets through a network that can be broken. */
export class RealStage implements Stage {
  readonly ledger = new Ledger();
  readonly random: SimRandom;
  readonly company: Company;
  readonly deeds = new Deeds(this);
  readonly desks: RealDesk[] = [];
  readonly pages: RealPage[] = [];
  readonly leaks: string[] = [];
  readonly db: Db;
  private readonly address: Address;
  private readonly folder: string;
  private readonly hubs: HubProcess[];
  private readonly lines = new Map<string, CuttableProxy>();
  /** what comes back by itself after a while */
  private readonly returns = new Set<Promise<void>>();
  private backups = 0;

  private constructor(parts: {
    company: Company;
    db: Db;
    address: Address;
    folder: string;
    hubs: HubProcess[];
    seed: number;
  }) {
    this.company = parts.company;
    this.db = parts.db;
    this.address = parts.address;
    this.folder = parts.folder;
    this.hubs = parts.hubs;
    this.random = new SimRandom(parts.seed);
  }

  static async open(server: Address, { seed, nodes, desks, pages }: History): Promise<RealStage> {
    const names = deskPlan.slice(0, desks);
    const address = await createDatabase(server);
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-real-'));
    const db = must(await openDb({ address, limits: { most: 4 }, onError: () => undefined }));
    const founder = await makeHub({ db, clock: systemClock, log: keepingLog() });
    const company = await foundCompany(founder.ctx, founder.ctx.random, names.length);
    await founder.stop();
    const ports = await Promise.all(Array.from({ length: nodes }, freePort));
    const env = { FAIRLEAD_DATABASE_URL: urlOf(address), FAIRLEAD_DATA_DIR: folder, FAIRLEAD_LOG_LEVEL: 'error' };
    const hubs = await Promise.all(ports.map((port) => startHub({ env: { ...env, FAIRLEAD_PORT: String(port) } })));
    const stage = new RealStage({ company, db, address, folder, hubs, seed });
    const line = async (name: string, at: number): Promise<string> => {
      const proxy = await startProxy({ host: '127.0.0.1', port: ports[at % ports.length] ?? 0 });
      stage.lines.set(name, proxy);
      return `http://127.0.0.1:${proxy.port}`;
    };
    for (const [i, name] of names.entries()) {
      const parts = { home: folder, address: await line(name, i), code: company.codes[i] ?? '' };
      stage.desks.push(new RealDesk(name, emailAt(name), parts));
    }
    const entered = await Promise.all(stage.desks.map((desk) => desk.signIn()));
    for (const result of entered) must(result);
    for (let i = 0; i < pages; i += 1) {
      const site = company.sites[i % company.sites.length] ?? '';
      const heard = (message: unknown): void => stage.listen(message);
      stage.pages.push(new RealPage(`page${i}`, { address: await line(`page${i}`, i), site, heard }));
    }
    return stage;
  }

  async act({ then, ...deed }: Action): Promise<void> {
    await this.deeds.perform(deed as Deed);
    await delay(systemClock, Math.min(then.ms / pace, 200));
  }

  /** Nothing breaks any more: everything comes back, everybody signs in where it is asked. Answers what is still in the way of rest. */
  async heal(isLast = true): Promise<string> {
    await Promise.all(this.returns);
    for (const proxy of this.lines.values()) await proxy.set({ kind: 'pass' });
    for (const desk of this.desks) await desk.setWrong(0);
    for (const page of this.pages) page.setWrong(0);
    for (let round = 0; round < 4; round += 1) {
      for (const desk of this.desks) desk.ask('session.reconnect', {});
      for (const page of this.pages) page.hurry();
      await until(async () => {
        for (const desk of this.desks) if ((await desk.link()) !== 'live' && !(await isShut(desk))) return false;
        return true;
      }, 15_000);
      await bringBack(this, this.deeds);
    }
    await until(() => isAtRest(this), 40_000);
    // Upkeep, heartbeats and marks have their own pace.
    await delay(systemClock, isLast ? 6_500 : 0);
    await until(() => isAtRest(this), 20_000);
    return unrestOf(this);
  }

  async onLine(client: string, what: 'cut' | 'swallow' | 'ghost' | 'slow', ms: number): Promise<void> {
    const proxy = this.lines.get(client);
    if (!proxy) return;
    if (what === 'cut') await proxy.set({ kind: 'cut' });
    else if (what === 'swallow') await proxy.set({ kind: 'swallow' });
    else if (what === 'ghost') await proxy.set({ kind: 'half', delivers: 'up' });
    else await proxy.set({ kind: 'delay', ms: 20 + Math.round(ms / 40) });
    this.later(ms / pace, () => proxy.set({ kind: 'pass' }));
  }

  async setOffline(client: string, isOffline: boolean): Promise<void> {
    await this.lines.get(client)?.set({ kind: isOffline ? 'cut' : 'pass' });
  }

  async onHub(deed: Extract<Deed, { node: number }>): Promise<void> {
    const hub = this.hubs[deed.node % this.hubs.length];
    if (!hub || this.down.has(hub)) return;
    switch (deed.do) {
      case 'crashHub':
      case 'stopHub':
        this.down.add(hub);
        if (deed.do === 'crashHub') await hub.kill9();
        else await hub.stop();
        return this.later(deed.downMs / pace, async () => {
          await hub.restart();
          this.down.delete(hub);
        });
      case 'holdPage':
        this.down.add(hub);
        hub.freeze();
        return this.later(deed.ms, () => {
          hub.thaw();
          this.down.delete(hub);
          return Promise.resolve();
        });
      case 'throwOnce':
      case 'hubClock':
        // There is no way into a process that is not ours to change.
        return;
    }
  }

  async backUp(): Promise<string | null> {
    this.backups += 1;
    const file = join(this.folder, `backup-${this.backups}`);
    await backup(this.db, file, systemClock);
    return file;
  }

  async restoreBackup(file: string): Promise<void> {
    await Promise.all(this.returns);
    await Promise.all(this.hubs.map((hub) => hub.kill9()));
    must(await restore(this.db, file, { clock: systemClock, isForced: true }));
    await Promise.all(this.hubs.map((hub) => hub.restart()));
  }

  async known(texts: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.rows(sql<{ text: string }>`
      select text from messages where org = ${this.company.org}::uuid and text = any(${texts}::text[])`);
    return new Set(rows.map((row) => row.text));
  }

  async close(): Promise<void> {
    await Promise.all(this.returns);
    for (const page of this.pages) page.end();
    await Promise.all(this.desks.map((desk) => desk.kill()));
    await Promise.all(this.hubs.map((hub) => hub.dispose()));
    await Promise.all([...this.lines.values()].map((proxy) => proxy.close()));
    await this.db.close();
    await dropDatabase(this.address);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private readonly down = new Set<HubProcess>();

  private listen(message: unknown): void {
    const text = JSON.stringify(message);
    for (const entry of this.ledger.entries) {
      if (entry.kind === 'note' && text.includes(entry.token)) this.leaks.push(entry.text);
    }
  }

  private later(ms: number, run: () => Promise<void>): void {
    const coming = delay(systemClock, ms).then(run);
    this.returns.add(coming);
    void coming.finally(() => this.returns.delete(coming));
  }
}
