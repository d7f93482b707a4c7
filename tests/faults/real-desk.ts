import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeDatabase } from '#core/db/driver.ts';
import { cacheFile } from '#core/db/open.ts';
import { listProfiles, profileFolder } from '#core/profile/profile-file.ts';
import { deskError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { fail, type Result } from '#shared/lib/result.ts';
import { companyPassword } from '#tests/support/sim-company.ts';
import type { DeskHand } from './hands.ts';

type Ask =
  | { readonly ask: 'link' | 'waiting' | 'view' | 'attention' }
  | { readonly ask: 'thread'; readonly conversationId: Id }
  | {
      readonly ask: 'command';
      readonly kind: string;
      readonly args: Record<string, unknown>;
      readonly basis: Record<string, number>;
    }
  | { readonly ask: 'call'; readonly name: string; readonly args: unknown }
  | { readonly ask: 'wrongBy'; readonly ms: number };

/** What is asked of a core process, and what it answers. */
export type CoreQuestion = Ask & { readonly id: number };
export type CoreAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

interface Running {
  readonly child: ChildProcess;
  readonly open: Map<number, { done(value: unknown): void; refuse(error: Error): void }>;
}

const gone = fail(deskError('session/locked'));

/** A desk whose core is a process: it can be killed at any moment, and the next one finds its disk. */
export class RealDesk implements DeskHand {
  readonly name: string;
  readonly email: string;
  folder: string;
  private readonly home: string;
  private readonly address: string;
  private readonly code: string;
  private stationId: string | null = null;
  private lives = 0;
  private asked = 0;
  private wrongBy = 0;
  private running: Promise<Running> | null = null;

  constructor(name: string, email: string, parts: { home: string; address: string; code: string }) {
    this.name = name;
    this.email = email;
    this.home = parts.home;
    this.address = parts.address;
    this.code = parts.code;
    this.folder = join(parts.home, `${name}-0`);
  }

  async link(): Promise<string> {
    return (await this.say({ ask: 'link' })) as string;
  }

  async waiting(): Promise<number> {
    return (await this.say({ ask: 'waiting' })) as number;
  }

  async view(): ReturnType<DeskHand['view']> {
    return (await this.say({ ask: 'view' })) as Awaited<ReturnType<DeskHand['view']>>;
  }

  async attention(): ReturnType<DeskHand['attention']> {
    return (await this.say({ ask: 'attention' })) as Awaited<ReturnType<DeskHand['attention']>>;
  }

  async thread(conversationId: Id): ReturnType<DeskHand['thread']> {
    return (await this.say({ ask: 'thread', conversationId })) as Awaited<ReturnType<DeskHand['thread']>>;
  }

  async command(kind: string, args: Record<string, unknown>, basis: Record<string, number>): Promise<Result<unknown>> {
    return (await this.say({ ask: 'command', kind, args, basis })) as Result<unknown>;
  }

  async call(name: string, args: unknown): Promise<Result<unknown>> {
    return (await this.say({ ask: 'call', name, args })) as Result<unknown>;
  }

  ask(name: string, args: unknown): void {
    this.call(name, args).catch(() => undefined);
  }

  async signIn(): Promise<Result<unknown>> {
    if (this.stationId === null) {
      const enrolled = await this.call('session.enrol', { address: this.address, code: this.code });
      if (!enrolled.ok) return enrolled;
      this.stationId = (enrolled.value as { stationId: string }).stationId;
    }
    return this.call('session.signIn', { stationId: this.stationId, email: this.email, password: companyPassword });
  }

  async unlock(): Promise<Result<unknown>> {
    const [profile] = listProfiles(this.folder).profiles;
    return profile ? this.call('session.unlock', { profileId: profile.id, password: companyPassword }) : gone;
  }

  async lock(): Promise<void> {
    await this.call('session.lock', {});
  }

  async setWrong(ms: number): Promise<void> {
    this.wrongBy = ms;
    await this.say({ ask: 'wrongBy', ms });
  }

  async crash(older: string | null): Promise<void> {
    await this.kill();
    if (older === null) return;
    this.lives += 1;
    const next = join(this.home, `${this.name}-${this.lives}`);
    cpSync(older, next, { recursive: true });
    rmSync(this.folder, { recursive: true, force: true });
    this.folder = next;
  }

  async losePower(older: string | null): Promise<void> {
    await this.kill();
    for (const profile of listProfiles(this.folder).profiles) {
      const file = cacheFile(profileFolder(this.folder, profile.id));
      const past = older === null ? null : cacheFile(profileFolder(older, profile.id));
      removeDatabase(file);
      if (past === null || !existsSync(past)) continue;
      for (const part of ['', '-wal', '.key-check']) if (existsSync(past + part)) cpSync(past + part, file + part);
    }
  }

  /** The process stands still meanwhile: files copied while they change are no disk that ever was. */
  async copyDisk(): Promise<string> {
    const { child } = await this.process();
    this.lives += 1;
    const copy = join(this.home, `${this.name}-copy-${this.lives}`);
    child.kill('SIGSTOP');
    cpSync(this.folder, copy, { recursive: true });
    child.kill('SIGCONT');
    return copy;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    const running = await this.running;
    this.running = null;
    if (!running || running.child.exitCode !== null) return;
    const ended = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await ended;
  }

  private async say(ask: Ask): Promise<unknown> {
    const { child, open } = await this.process();
    this.asked += 1;
    const id = this.asked;
    return new Promise((done, refuse) => {
      open.set(id, { done, refuse });
      child.send({ ...ask, id } satisfies CoreQuestion);
    });
  }

  private process(): Promise<Running> {
    this.running ??= this.start();
    return this.running;
  }

  private async start(): Promise<Running> {
    const child = fork(join(import.meta.dirname, 'core-process.ts'), [this.folder, this.name], { stdio: 'inherit' });
    const open: Running['open'] = new Map();
    child.on('message', (answer: CoreAnswer) => {
      const asked = open.get(answer.id);
      open.delete(answer.id);
      if ('error' in answer) asked?.refuse(new Error(answer.error));
      else asked?.done(answer.value);
    });
    // What was asked of a process that is gone is answered like that of a locked desk.
    child.on('exit', () => {
      for (const asked of open.values()) asked.done(gone);
    });
    await new Promise<void>((ready, refuse) => {
      open.set(0, { done: () => ready(), refuse });
    });
    if (this.wrongBy !== 0) child.send({ ask: 'wrongBy', ms: this.wrongBy, id: -1 } satisfies CoreQuestion);
    return { child, open };
  }
}
