import type { Client } from 'pg';
import type { Address } from '#server/db/launch.ts';
import { openDb } from '#server/db/open.ts';
import type { Db } from '#server/db/tx.ts';
import { type Hub, makeHub } from '#server/hub.ts';
import { changePassword, enrol, refresh, signIn, signInDemo } from '#server/session/sign-in.ts';
import { VisitorGateway } from '#server/widget/gateway.ts';
import { followHub, hubPorts } from '#server/widget/hub-ports.ts';
import type { VisitorLink } from '#server/widget/ports.ts';
import { hubError } from '#shared/lib/errors.ts';
import { fail, type Result } from '#shared/lib/result.ts';
import { demoRequest, enrolRequest, passwordRequest, refreshRequest, signInRequest } from '#shared/wire/http.ts';
import type { Down } from '#shared/wire/messages.ts';
import type { VisitorDown } from '#shared/wire/visitor.ts';
import { must } from './postgres-server.ts';
import type { Wire } from './sim-net.ts';
import { SimRandom } from './sim-random.ts';
import type { SimClock, SimTime } from './sim-time.ts';
import { keepingLog } from './world.ts';

/** What may go wrong inside a node: asked at each fail point. `crash` = the process ends right there. */
export type Fate =
  | { readonly kind: 'go' }
  | { readonly kind: 'crash' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'wait'; readonly ms: number };

interface Running {
  readonly db: Db;
  readonly hub: Hub;
  readonly visitors: VisitorGateway;
  readonly clock: SimClock;
  readonly pids: Set<number>;
}

/** One hub node of a simulated world: the real hub over a real database, which can be dropped at any moment and started again. */
export class SimNode {
  readonly name: string;
  readonly log = keepingLog();
  /** decided by the world at each fail point */
  fate: (point: string, device: unknown) => Fate = () => ({ kind: 'go' });
  wrongBy = 0;
  private readonly time: SimTime;
  private readonly random: SimRandom;
  private running: Running | null = null;
  private isDoomed = false;
  /** connections that a fail point holds for good */
  private stuck = 0;
  private readonly held = new Set<() => void>();

  constructor(name: string, time: SimTime, seed: number) {
    this.name = name;
    this.time = time;
    this.random = new SimRandom(seed);
  }

  get isUp(): boolean {
    return this.running !== null;
  }

  /** A fail point said that the process ends; the world has to end it. */
  get isToDie(): boolean {
    return this.isDoomed;
  }

  get hub(): Hub {
    if (!this.running) throw new Error(`${this.name} is down`);
    return this.running.hub;
  }

  get db(): Db {
    if (!this.running) throw new Error(`${this.name} is down`);
    return this.running.db;
  }

  async start(address: Address): Promise<void> {
    const db = must(await openDb({ address, limits: { most: 4 }, onError: () => undefined }));
    const pids = new Set<number>();
    const note = (client: unknown): void => {
      const { processID } = client as { processID?: number };
      if (processID) pids.add(processID);
    };
    db.pool.on('acquire', (client) => note(client));
    const clock = this.time.clock();
    clock.wrongBy = this.wrongBy;
    const random = new SimRandom(this.random.fork());
    const hub = await makeHub({
      db,
      clock,
      log: this.log,
      random: random.bytes,
      failPoint: (point, detail) => this.failAt(point, detail['device']),
    });
    const visitors = new VisitorGateway(hubPorts(hub));
    followHub(hub, visitors);
    this.running = { db, hub, visitors, clock, pids };
  }

  setWrong(ms: number): void {
    this.wrongBy = ms;
    if (this.running) this.running.clock.wrongBy = ms;
  }

  /** The process is gone: what it was doing is undone by the database, its timers never fire. */
  async crash(admin: Client): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.running = null;
    this.isDoomed = false;
    this.stuck = 0;
    running.clock.stop();
    void running.db.close().catch(() => undefined);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where pid = any($1)', [
      [...running.pids],
    ]);
    for (;;) {
      const left = await admin.query('select 1 from pg_stat_activity where pid = any($1)', [[...running.pids]]);
      if (left.rowCount === 0) return;
      await new Promise((done) => setImmediate(done));
    }
  }

  /** Ends in good order: everybody is told, what is under way is finished. */
  async stop(): Promise<void> {
    const { running } = this;
    if (!running) return;
    // Time stands still while a hub stops: what waits at a fail point goes on now.
    for (const go of this.held) go();
    this.held.clear();
    running.visitors.close();
    await running.hub.stop();
    this.running = null;
    running.clock.stop();
    await running.db.close();
  }

  /** Resolves when nothing that runs here waits for the database. */
  async rest(): Promise<void> {
    let still = 0;
    while (still < 3) {
      const pool = this.running?.db.pool;
      if (pool && (pool.totalCount > pool.idleCount + this.stuck || pool.waitingCount > 0)) {
        still = 0;
        await new Promise<void>((done) => {
          pool.once('release', () => done());
        });
        continue;
      }
      await new Promise<void>((done) => setImmediate(done));
      still += 1;
    }
  }

  takeDesk(wire: Wire): void {
    this.hub.gateway.accept(wire.link<Down>('node'));
  }

  takeVisitor(wire: Wire, address: string): void {
    const inner = wire.link<VisitorDown>('node');
    const link: VisitorLink = {
      send: (message) => {
        inner.send(message);
        return true;
      },
      close: () => inner.close(),
    };
    const { visitors } = this.running ?? {};
    if (!visitors) throw new Error(`${this.name} is down`);
    const session = visitors.connect(link, { address });
    inner.onMessage((raw) => session.receive(raw));
    inner.onClose(() => session.end());
  }

  /** The few HTTP calls of a desk, by the same functions as behind the hub's routes. */
  call(path: string, body: unknown, bearer: string): Promise<Result<unknown>> {
    const { ctx } = this.hub;
    switch (path) {
      case '/v1/enrol':
        return enrol(ctx, enrolRequest.parse(body));
      case '/v1/sign-in':
        return signIn(ctx, signInRequest.parse(body));
      case '/v1/refresh':
        return refresh(ctx, refreshRequest.parse(body));
      case '/v1/password':
        return changePassword(ctx, bearer, passwordRequest.parse(body));
      case '/v1/demo':
        return signInDemo(ctx, demoRequest.parse(body), 'agent0@example.org');
      default:
        return Promise.resolve(fail(hubError('session/not-found')));
    }
  }

  private async failAt(point: string, device: unknown): Promise<void> {
    const fate = this.fate(point, device);
    switch (fate.kind) {
      case 'go':
        return;
      case 'throw':
        throw new Error(`thrown at ${point}`);
      case 'wait': {
        const clock = this.running?.clock;
        return new Promise((done) => {
          this.held.add(done);
          clock?.setTimeout(done, fate.ms);
        });
      }
      case 'crash':
        this.isDoomed = true;
        // What is decided but not committed keeps its connection to the end.
        this.stuck = point === 'command.decided' ? 1 : 0;
        this.running?.db.pool.emit('release');
        return new Promise(() => undefined);
    }
  }
}
