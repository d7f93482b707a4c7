import * as z from 'zod/mini';
import { noteOfAct, noteOfCommand } from '#server/audit/note.ts';
import type { HubContext } from '#server/context.ts';
import { failureOf } from '#server/db/failure.ts';
import { holdsNul } from '#server/db/text.ts';
import { inTransaction, type WriteTx } from '#server/db/tx.ts';
import type { Decision, Handler, HubActor } from '#server/replica/decision.ts';
import { anyNotDone, outcomeAt, outcomeOfId, type StoredOutcome } from '#server/replica/outcomes.ts';
import { toOutcome } from '#server/replica/page.ts';
import { type DevicePerson, freezeDevice, isEnvelopeSigned, lockDevice } from '#server/session/handle.ts';
import type { Envelope } from '#shared/lib/command.ts';
import { type AppError, badInput, hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { commands } from '#shared/registry.ts';
import { can } from '#shared/session/rules.ts';
import type { Down, Outcome } from '#shared/wire/messages.ts';
import { actorAt, Foresight, isAsGuessed, Misguessed } from './foresight.ts';

/** What a command is answered with. */
export type CommandAnswer = Extract<Down, { t: 'outcome' | 'gap' | 'retry' | 'dismissed' | 'refused' }>;

/** How often a rule may throw on one command before it is settled as failed. */
const patience = 3;
/** For how many commands it is remembered that they threw; beyond that everybody gets new patience. */
const mostThrows = 10_000;

type Verdict =
  | { status: 'done'; decision: Decision & { ok: true } }
  | { status: 'refused' | 'held' | 'failed'; error: AppError };

/** What a transaction gives: an answer, or an outcome whose place is known once it has committed. */
type Given = { answer: CommandAnswer } | { settled: Omit<Outcome, 'seq'>; lastSeq: Promise<number> };

/** Decides commands for one hub node. One instance per node: it remembers how often a command threw. */
export interface CommandDesk {
  decide(org: Id, device: Id, envelope: Envelope): Promise<CommandAnswer>;
}

/** Takes the handlers of every slice and gives the one way in for commands. */
export function makeCommandDesk(ctx: HubContext, handlers: ReadonlyMap<string, Handler<never>>): CommandDesk {
  const throws = new Map<string, number>();
  const foresight = new Foresight();

  const judge = async (tx: WriteTx, actor: HubActor, envelope: Envelope): Promise<Verdict> => {
    const def = commands.get(envelope.kind);
    const handler = handlers.get(envelope.kind);
    if (!def || !handler)
      return { status: 'refused', error: hubError('session/unknown-command', { params: { kind: envelope.kind } }) };
    const args = z.safeParse(def.args, envelope.args);
    if (!args.success) return { status: 'refused', error: badInput('session/bad-input', args.error, 'hub') };
    if (holdsNul(args.data))
      return { status: 'refused', error: hubError('session/bad-input', { params: { why: 'a NUL character' } }) };
    if (!can(actor.role, def.permission)) return { status: 'refused', error: hubError('session/not-allowed') };
    if (!def.mayFollowRefused && (await anyNotDone(tx, actor.org, actor.deviceId, envelope.after))) {
      return { status: 'held', error: hubError('session/held') };
    }
    const decision = await handler(tx, {
      id: envelope.id,
      args: args.data as never,
      at: envelope.hubAt ?? envelope.at,
      basis: envelope.basis,
      offline: envelope.offline,
      org: actor.org,
      now: ctx.clock.now(),
      actor,
      envelope,
    });
    return decision.ok ? { status: 'done', decision } : { status: 'refused', error: decision.error };
  };

  const settle = async (tx: WriteTx, actor: HubActor, envelope: Envelope, verdict: Verdict): Promise<Given> => {
    const def = commands.get(envelope.kind);
    const error = verdict.status === 'done' ? null : verdict.error;
    const args = def && error ? z.safeParse(def.args, envelope.args) : null;
    const subjects =
      verdict.status === 'done' ? verdict.decision.subjects : args?.success && def ? def.subjects(args.data) : [];
    const { lastSeq } = await ctx.commit(tx, {
      org: actor.org,
      at: ctx.clock.now(),
      cmd: envelope.id,
      rows: verdict.status === 'done' ? verdict.decision.rows : [],
      audit: [
        noteOfCommand(envelope, actor.personId, {
          status: verdict.status,
          reason: error?.code ?? null,
          subjects,
          ...(verdict.status === 'done' && verdict.decision.detail ? { detail: verdict.decision.detail } : {}),
        }),
      ],
      outcome: { device: actor.deviceId, n: envelope.n, id: envelope.id, status: verdict.status, error },
      ...(verdict.status === 'done' && verdict.decision.regrant ? { regrant: verdict.decision.regrant } : {}),
    });
    tx.afterCommit(() => ctx.onCommitted());
    return { settled: { n: envelope.n, id: envelope.id, status: verdict.status, error }, lastSeq };
  };

  /** A command known under this n, or under its id from an earlier enrolment (`repeat`); null = it is new. */
  const known = async (
    tx: WriteTx,
    row: DevicePerson,
    actor: HubActor,
    envelope: Envelope,
    repeat: Promise<StoredOutcome | null>,
  ): Promise<Given | null> => {
    if (envelope.n <= row.last_n) {
      const stored = await outcomeAt(tx, actor.org, row.id, envelope.n);
      if (stored === null || stored.id === envelope.id)
        return { answer: { t: 'outcome', outcome: toOutcome(stored ?? forgotten(envelope)) } };
      return { answer: await freeze(tx, ctx, actor.org, row) };
    }
    if (envelope.n > row.last_n + 1) return { answer: { t: 'gap', lastN: row.last_n } };
    const stored = await repeat;
    if (stored === null) return null;
    const error = toOutcome(stored).error;
    if (stored.status !== 'done')
      return settle(tx, actor, envelope, { status: stored.status, error: error ?? hubError('session/held') });
    return settle(tx, actor, envelope, {
      status: 'done',
      decision: { ok: true, rows: [], subjects: [], detail: { isRepeat: true } },
    });
  };

  /** The verdict on a command that is new, in its turn and signed; else what it comes to. */
  const decideOn = async (
    tx: WriteTx,
    org: Id,
    row: DevicePerson,
    envelope: Envelope,
    repeat: Promise<StoredOutcome | null>,
  ): Promise<Given | { verdict: Verdict }> => {
    const barred = barredBecause(row);
    if (barred) return { answer: { t: 'dismissed', why: barred } };
    if (!isEnvelopeSigned(row.public_key, envelope))
      return { answer: { t: 'refused', error: hubError('session/bad-signature') } };
    const actor = actorAt(org, row);
    const before = await known(tx, row, actor, envelope, repeat);
    if (before) return before;
    if ((throws.get(envelope.id) ?? 0) >= patience)
      return { verdict: { status: 'failed', error: hubError('session/failed', { retry: 'now' }) } };
    return { verdict: await judge(tx, actor, envelope) };
  };

  /** The same from what is remembered of the device, while its row is being locked. Throws `Misguessed`. */
  const decideAhead = async (
    tx: WriteTx,
    org: Id,
    guess: DevicePerson,
    locked: Promise<DevicePerson | null>,
    envelope: Envelope,
    repeat: Promise<StoredOutcome | null>,
  ): Promise<{ verdict: Verdict }> => {
    const early = judge(tx, actorAt(org, guess), envelope);
    const isSigned = isEnvelopeSigned(guess.public_key, envelope);
    // All of them, so that nothing still uses the transaction when it ends.
    const [row, stored, verdict] = await Promise.allSettled([locked, repeat, early]);
    for (const one of [row, stored, verdict]) if (one.status === 'rejected') throw one.reason;
    const isRight =
      row.status === 'fulfilled' &&
      row.value !== null &&
      isAsGuessed(guess, row.value) &&
      row.value.last_n === envelope.n - 1 &&
      stored.status === 'fulfilled' &&
      stored.value === null &&
      verdict.status === 'fulfilled' &&
      isSigned;
    if (!isRight) throw new Misguessed();
    return { verdict: verdict.value };
  };

  const attempt = async (org: Id, device: Id, envelope: Envelope, mayGuess: boolean): Promise<CommandAnswer> => {
    if (envelope.device !== device) return { t: 'refused', error: hubError('session/bad-signature') };
    const given = await inTransaction(ctx.db, async (tx): Promise<Given> => {
      const locked = lockDevice(tx, org, device);
      // Sent behind the lock and without waiting for it: what it reads is what stands once the device is locked.
      const repeat = outcomeOfId(tx, org, envelope.id);
      repeat.catch(() => undefined);
      const seen = mayGuess ? foresight.guess(org, device) : null;
      // What was remembered is from before the last command; one that comes again is not decided again.
      const guess = seen && envelope.n > seen.last_n + 1 ? seen : null;
      const row = guess ?? (await locked);
      if (row === null) return { answer: { t: 'dismissed', why: 'unknown' } };
      const decided = guess
        ? await decideAhead(tx, org, guess, locked, envelope, repeat)
        : await decideOn(tx, org, row, envelope, repeat);
      if (!('verdict' in decided)) return decided;
      await ctx.failPoint('command.decided', { kind: envelope.kind, n: envelope.n });
      const settled = await settle(tx, actorAt(org, row), envelope, decided.verdict);
      tx.afterCommit(() => {
        throws.delete(envelope.id);
        foresight.remember(org, row);
      });
      return settled;
    });
    if ('answer' in given) return given.answer;
    return { t: 'outcome', outcome: { ...given.settled, seq: await given.lastSeq } };
  };

  return {
    async decide(org, device, envelope) {
      let mayGuess = !throws.has(envelope.id);
      for (let conflicts = 0; ; ) {
        try {
          return await attempt(org, device, envelope, mayGuess);
        } catch (error) {
          mayGuess = false;
          foresight.forget(org, device);
          if (error instanceof Misguessed) continue;
          const { kind } = failureOf(error);
          // A deadlock is nobody's fault: the same again, and it never counts against the command.
          if (kind === 'conflict' && conflicts < patience) {
            conflicts += 1;
            continue;
          }
          if (kind === 'conflict' || kind === 'busy' || kind === 'unavailable' || kind === 'uncertain')
            return { t: 'retry', n: envelope.n, afterMs: 500 };
          const tries = (throws.get(envelope.id) ?? 0) + 1;
          if (throws.size >= mostThrows) throws.clear();
          throws.set(envelope.id, tries);
          ctx.log.error({ kind: envelope.kind, id: envelope.id, tries, error: String(error) }, 'a rule threw');
          if (tries > patience) return { t: 'retry', n: envelope.n, afterMs: 5_000 };
        }
      }
    },
  };
}

/** Why a device may not act now; null = it may. */
export function barredBecause(
  row: Pick<DevicePerson, 'state' | 'is_disabled'>,
): 'revoked' | 'cloned' | 'disabled' | null {
  if (row.state === 'revoked') return 'revoked';
  if (row.state === 'frozen') return 'cloned';
  return row.is_disabled ? 'disabled' : null;
}

/** Two desks speak as one device: a copied or restored disk. Neither goes on under this device. */
export async function freeze(tx: WriteTx, ctx: HubContext, org: Id, row: DevicePerson): Promise<CommandAnswer> {
  const act = { act: 'session.freeze', actorId: row.person_id, deviceId: row.id, subjects: [`device:${row.id}`] };
  await ctx.commit(tx, {
    org,
    at: ctx.clock.now(),
    cmd: null,
    rows: await freezeDevice(tx, org, row),
    audit: [noteOfAct(act)],
    regrant: { persons: [row.person_id] },
  });
  tx.afterCommit(() => ctx.onCommitted());
  return { t: 'dismissed', why: 'cloned' };
}

/** An outcome older than we keep them: it was settled, but how is not known any more. */
function forgotten(envelope: Envelope): StoredOutcome {
  return {
    n: envelope.n,
    id: envelope.id,
    status: 'failed',
    error: JSON.stringify(hubError('session/outcome-forgotten')),
    seq: 1,
  };
}
