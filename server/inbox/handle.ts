import type * as z from 'zod/mini';
import { happened, lockConversation, saveHead } from '#server/conversation/handle.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { Deciding, Decision, Handler } from '#server/replica/decision.ts';
import { personById, teamById } from '#server/session/handle.ts';
import { move, release, take } from '#shared/inbox/commands.ts';
import { mayMove, mayRelease, mayTake } from '#shared/inbox/rules.ts';
import { hubError } from '#shared/lib/errors.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { can } from '#shared/session/rules.ts';

const gone: Decision = { ok: false, error: hubError('conversation/not-found') };

function line(c: Deciding<unknown>, what: 'taken' | 'released' | 'moved', detail: string, comment: string) {
  const said = comment === '' ? {} : { comment };
  return { id: c.id, what, byId: c.actor.personId, byName: c.actor.name, at: c.now, detail, ...said };
}

async function decideTake(tx: WriteTx, c: Deciding<z.infer<typeof take.args>>): Promise<Decision> {
  const head = await lockConversation(tx, c.org, c.args.conversationId);
  if (!head) return gone;
  const owner =
    head.ownerId === null || head.ownerId === c.actor.personId ? null : await personById(tx, c.org, head.ownerId);
  const no = mayTake(head, c.actor, owner?.name ?? '');
  if (no) return { ok: false, error: { ...no, origin: 'hub' } };
  if (head.ownerId === c.actor.personId) return { ok: true, rows: [], subjects: take.subjects(c.args) };
  const event = happened({ ...head, ownerId: c.actor.personId }, line(c, 'taken', '', ''));
  return {
    ok: true,
    rows: [event.row, ...saveHead(tx, c.org, event.head)],
    regrant: { conversations: [head.id] },
    subjects: take.subjects(c.args),
  };
}

async function decideRelease(tx: WriteTx, c: Deciding<z.infer<typeof release.args>>): Promise<Decision> {
  const head = await lockConversation(tx, c.org, c.args.conversationId);
  if (!head) return gone;
  // merge: what somebody else has by now, or nobody, stays as it is.
  if (head.ownerId !== c.actor.personId)
    return { ok: true, rows: [], subjects: release.subjects(c.args), detail: { isMerged: true } };
  const no = mayRelease(head, c.actor);
  if (no) return { ok: false, error: { ...no, origin: 'hub' } };
  const event = happened({ ...head, ownerId: null }, line(c, 'released', '', c.args.reason));
  return {
    ok: true,
    rows: [event.row, ...saveHead(tx, c.org, event.head)],
    regrant: { conversations: [head.id] },
    subjects: release.subjects(c.args),
  };
}

async function decideMove(tx: WriteTx, c: Deciding<z.infer<typeof move.args>>): Promise<Decision> {
  const head = await lockConversation(tx, c.org, c.args.conversationId);
  if (!head) return gone;
  const team = await teamById(tx, c.org, c.args.teamId);
  if (!team) return { ok: false, error: hubError('inbox/no-such-team', { field: 'teamId' }) };
  const no = mayMove(head, c.actor, team.id, can(c.actor.role, 'team.supervise'));
  if (no) return { ok: false, error: { ...no, origin: 'hub' } };
  const event = happened({ ...head, teamId: team.id, ownerId: null }, line(c, 'moved', team.name, c.args.reason));
  return {
    ok: true,
    rows: [
      { scope: scopeOf.team(head.teamId), entity: 'head', id: head.id, body: null },
      event.row,
      ...saveHead(tx, c.org, event.head),
    ],
    regrant: { conversations: [head.id] },
    subjects: [...move.subjects(c.args), `team:${head.teamId}`, `team:${team.id}`],
  };
}

/** What this slice decides, by kind. */
export const handlers: Record<string, Handler<never>> = {
  [take.kind]: decideTake,
  [release.kind]: decideRelease,
  [move.kind]: decideMove,
};
