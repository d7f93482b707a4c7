import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Core, createCore } from '#core/core.ts';
import type { CoreEvent } from '#core/parts.ts';
import { slices } from '#core/slices.ts';
import type { Result } from '#shared/lib/result.ts';
import type { FakeClock } from '#shared/lib/time.ts';
import type { FakeHub } from './fake-hub.ts';
import { SimRandom } from './sim-random.ts';

/** The value of a result that must be good. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Lets time pass for everything that lives on the clock, promises included. */
export async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 5) {
    clock.advance(Math.min(5, ms - gone));
    await setImmediate();
  }
}

/** Lets time pass until something is so; fails after so much of it. */
export async function until(clock: FakeClock, what: () => boolean, limitMs = 60_000): Promise<void> {
  for (let gone = 0; gone < limitMs; gone += 5) {
    if (what()) return;
    clock.advance(5);
    await setImmediate();
  }
  if (!what()) throw new Error(`it never came true: ${what.toString().slice(0, 200)}`);
}

/** A desk's core on a folder of its own, at a fake hub, that can be crashed, started again and copied. */
export class FakeDesk {
  readonly dir: string;
  core: Core;
  events: CoreEvent[] = [];
  readonly logs: string[] = [];
  private readonly hub: FakeHub;
  private readonly clock: FakeClock;
  private seed: number;
  private readonly demoHub: string | null;

  constructor(hub: FakeHub, clock: FakeClock, options: { seed?: number; dir?: string; demoHub?: string } = {}) {
    this.hub = hub;
    this.clock = clock;
    this.seed = options.seed ?? 1;
    this.demoHub = options.demoHub ?? null;
    this.dir = options.dir ?? mkdtempSync(join(tmpdir(), 'fake-desk-'));
    this.core = this.make();
  }

  private make(): Core {
    this.seed += 1;
    const random = new SimRandom(this.seed);
    const core = createCore({
      dir: this.dir,
      build: 'test',
      label: 'test desk',
      slices,
      clock: this.clock,
      random: (into) => {
        for (let i = 0; i < into.length; i += 1) into[i] = random.below(256);
      },
      connect: this.hub.connect,
      http: this.hub.http,
      log: (level, text, facts) => this.logs.push(`${level} ${text} ${JSON.stringify(facts ?? {})}`),
      secret: () => Promise.resolve({ kind: 'none' }),
      secretForgotten: () => {},
      demoHub: this.demoHub,
      cost: { memoryKib: 8192, passes: 1 },
    });
    core.onEvent((event) => this.events.push(event));
    return core;
  }

  /** Enrols and signs in, waiting until the desk is live. */
  async enter(email = 'agent3@x.example', password = 'correct horse'): Promise<void> {
    const { core, clock } = this;
    const enrolled = must(await core.call('session.enrol', { address: 'localhost:7000', code: 'CODE-1' })) as {
      stationId: string;
    };
    await this.finish(core.call('session.signIn', { stationId: enrolled.stationId, email, password }));
    await until(clock, () => this.link === 'live');
  }

  async unlock(password = 'correct horse'): Promise<Result<unknown>> {
    const stage = must(this.core.query('session.stage', {})) as { profiles: { id: string }[] };
    return this.settle(this.core.call('session.unlock', { profileId: stage.profiles[0]?.id ?? '', password }));
  }

  /** Waits for a call while time passes. */
  async settle(call: Promise<Result<unknown>>): Promise<Result<unknown>> {
    let result: Result<unknown> | null = null;
    void call.then((r) => {
      result = r;
    });
    await until(this.clock, () => result !== null, 600_000);
    return result as unknown as Result<unknown>;
  }

  async finish(call: Promise<Result<unknown>>): Promise<unknown> {
    return must(await this.settle(call));
  }

  crash(): void {
    this.core.crash();
  }

  async restart(): Promise<void> {
    this.core = this.make();
    must(await this.unlock());
  }

  /** Puts the folder aside; the function that comes back puts it in the place of what is there. */
  keepDisk(): () => void {
    const kept = mkdtempSync(join(tmpdir(), 'fake-desk-kept-'));
    cpSync(this.dir, kept, { recursive: true });
    return () => {
      rmSync(this.dir, { recursive: true, force: true });
      cpSync(kept, this.dir, { recursive: true });
      rmSync(kept, { recursive: true, force: true });
    };
  }

  remove(): void {
    this.core.crash();
    rmSync(this.dir, { recursive: true, force: true });
  }

  get status(): { link: { state: string; why?: string }; waiting: number; attention: number; dataAt: number | null } {
    return must(this.core.query('session.status', {})) as FakeDesk['status'];
  }

  get link(): string {
    const status = this.core.query('session.status', {});
    return status.ok ? (status.value as FakeDesk['status']).link.state : 'closed';
  }

  get stage(): string {
    return (must(this.core.query('session.stage', {})) as { stage: string }).stage;
  }

  get deviceId(): string {
    return this.core.desk?.deviceId ?? '';
  }

  reply(conversationId: string, text: string, basis = 1): Result<{ n: number; id: string }> {
    return this.core.command('conversation.reply', { conversationId, text }, { lastCustomerOrder: basis });
  }

  /** What the thread shows: text and how far it got. */
  thread(conversationId: string): string[] {
    const thread = must(this.core.query('conversation.thread', { conversationId, before: null, limit: 200 })) as {
      items: {
        kind: string;
        message?: { text: string };
        event?: { what: string };
        delivery?: string;
        isWaiting?: boolean;
      }[];
    };
    return thread.items.map((i) =>
      i.message ? `${i.message.text} ${i.delivery}` : `${i.event?.what} ${i.isWaiting ? 'waiting' : 'done'}`,
    );
  }

  outbox(): { n: number; state: string; kind: string; group: number | null }[] {
    return (
      must(this.core.query('session.outbox', {})) as {
        items: { n: number; state: string; kind: string; group: number | null }[];
      }
    ).items;
  }

  /** Every row that is stored and readable by scope, as the convergence test wants it. */
  rows(): Map<string, string> {
    const read = this.core.desk?.opened.store.read((db) =>
      db.all<{ scope: string; entity: string; id: string; body: string }>(
        `select s.scope, r.entity, r.id, r.body from cache.row r join cache.scope_state s on s.n = r.scope_n
         where r.body is not null and s.scope is not null`,
      ),
    );
    return new Map((read ? must(read) : []).map((r) => [`${r.scope} ${r.entity} ${r.id}`, r.body]));
  }
}
