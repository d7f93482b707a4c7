import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Core, createCore } from '#core/core.ts';
import { removeDatabase } from '#core/db/driver.ts';
import { cacheFile } from '#core/db/open.ts';
import { listProfiles, profileFolder } from '#core/profile/profile-file.ts';
import { slices } from '#core/slices.ts';
import { deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Up } from '#shared/wire/messages.ts';
import { companyPassword } from './sim-company.ts';
import { SimRandom } from './sim-random.ts';
import type { SimClock } from './sim-time.ts';
import type { SimWorld } from './sim-world.ts';

/** The cheapest password check there is: what guards a disk is not what these tests are about. */
const cost = { memoryKib: 8_192, passes: 1 };

/**
 * One computer with a desk on it: the real core on a real disk, over the simulated net. A crash leaves on the disk what is there
 * at that moment; the next start finds a copy of it.
 */
export class SimDesk {
  readonly name: string;
  readonly email: string;
  /** the core's own folder; another one after each crash */
  folder: string;
  wrongBy = 0;
  /** every start counts; so that copies have names of their own */
  private lives = 0;
  private readonly world: SimWorld;
  private readonly code: string;
  private readonly random: SimRandom;
  private running: { core: Core; clock: SimClock } | null = null;
  private stationId: string | null = null;

  constructor(name: string, email: string, world: SimWorld, parts: { code: string; seed: number }) {
    this.name = name;
    this.email = email;
    this.world = world;
    this.code = parts.code;
    this.random = new SimRandom(parts.seed);
    this.folder = join(world.folder, `${name}-0`);
  }

  get core(): Core {
    this.running ??= this.start();
    return this.running.core;
  }

  /** The open session's sync state, in the words of the status pill; `locked` when nobody is signed in. */
  get link(): string {
    const link = this.core.desk?.link;
    if (!link) return 'locked';
    return link.state === 'sign-in-needed' ? `dismissed ${link.why}` : link.state;
  }

  get isLive(): boolean {
    return this.link === 'live';
  }

  get waiting(): number {
    return this.core.desk?.status().waiting ?? 0;
  }

  setWrong(ms: number): void {
    this.wrongBy = ms;
    if (this.running) this.running.clock.wrongBy = ms;
  }

  /** Enrols this computer if need be, and signs its person in as a new device. */
  async signIn(): Promise<Result<unknown>> {
    if (this.stationId === null) {
      const enrolled = await this.call('session.enrol', { address: 'http://127.0.0.1:1', code: this.code });
      if (!enrolled.ok) return enrolled;
      this.stationId = (enrolled.value as { stationId: string }).stationId;
    }
    return this.call('session.signIn', { stationId: this.stationId, email: this.email, password: companyPassword });
  }

  /** Opens the profile on the disk with its password. */
  unlock(): Promise<Result<unknown>> {
    const [profile] = listProfiles(this.folder).profiles;
    if (!profile) return Promise.resolve(fail(deskError('profile/unknown')));
    return this.call('session.unlock', { profileId: profile.id, password: companyPassword });
  }

  /**
   * Asks the core for something and lets the world go on until it is done. Passwords are stretched on another thread, whose
   * pace is nobody's to decide: until the core turns to the net, nothing else happens in the world.
   */
  async call(name: string, args: unknown): Promise<Result<unknown>> {
    const { core, world } = this;
    const before = world.dials.get(this.name) ?? 0;
    let done: Result<unknown> | null = null;
    void core.call(name, args).then((answer) => {
      done = answer;
    });
    const stretches = ['session.enrol', 'session.signIn', 'session.unlock'].includes(name);
    while (stretches && done === null && (world.dials.get(this.name) ?? 0) === before) {
      if (!(await world.answerCall(this.name))) await new Promise((next) => setImmediate(next));
    }
    await world.rest();
    await world.runUntil(() => done !== null, 30_000, this.random.fork());
    return done ?? fail(deskError('session/no-answer'));
  }

  /** A command, as a screen gives it. */
  command(
    kind: string,
    args: Record<string, unknown>,
    basis: Record<string, number> = {},
  ): Result<{ n: number; id: string }> {
    return this.core.command(kind, args, basis);
  }

  lock(): void {
    this.core.lock();
  }

  /** Everything of this process is gone at once; what is on the disk stays as it is. `loses` puts an older disk in its place. */
  crash(older: string | null = null): void {
    this.lives += 1;
    const next = join(this.world.folder, `${this.name}-${this.lives}`);
    const from = older ?? this.folder;
    if (existsSync(from)) cpSync(from, next, { recursive: true });
    for (const wire of this.world.net.of(this.name)) wire.died('client', this.random);
    this.running?.clock.stop();
    this.running?.core.crash();
    this.running = null;
    rmSync(this.folder, { recursive: true, force: true });
    this.folder = next;
  }

  /** A copy of the disk as it is now, to be put back some day. */
  copyDisk(): string {
    this.lives += 1;
    const copy = join(this.world.folder, `${this.name}-copy-${this.lives}`);
    if (existsSync(this.folder)) cpSync(this.folder, copy, { recursive: true });
    return copy;
  }

  /** After a power cut the cache may be behind by what was not synced; here it is gone back to an older copy, or altogether. */
  losePower(older: string | null): void {
    this.crash();
    for (const profile of listProfiles(this.folder).profiles) {
      const file = cacheFile(profileFolder(this.folder, profile.id));
      const past = older === null ? null : cacheFile(profileFolder(older, profile.id));
      removeDatabase(file);
      if (past === null || !existsSync(past)) continue;
      for (const part of ['', '-wal', '.key-check']) if (existsSync(past + part)) cpSync(past + part, file + part);
    }
  }

  close(): void {
    this.running?.clock.stop();
    this.running?.core.crash();
    this.running = null;
  }

  private start(): { core: Core; clock: SimClock } {
    const { world, name } = this;
    const clock = world.time.clock();
    clock.wrongBy = this.wrongBy;
    clock.tick = this.random.below(3) === 0 ? 1 : 0;
    const random = new SimRandom(this.random.fork());
    const core = createCore({
      dir: this.folder,
      build: 'sim',
      label: name,
      slices,
      clock,
      random: random.bytes,
      connect: () => {
        const wire = world.dial(name, 'desk');
        return Promise.resolve(wire ? ok(wire.link<Up>('client')) : fail('no-answer' as const));
      },
      http: ({ path, body, bearer }) => world.call(name, path, body, bearer ?? ''),
      log: () => undefined,
      secret: () => Promise.resolve({ kind: 'none' }),
      secretForgotten: () => undefined,
      demoHub: null,
      cost,
    });
    return { core, clock };
  }
}
