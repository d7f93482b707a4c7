import * as z from 'zod/mini';
import { noteOfAct } from '#server/audit/note.ts';
import type { HubContext } from '#server/context.ts';
import { failureOf } from '#server/db/failure.ts';
import { holdsNul } from '#server/db/text.ts';
import { inTransaction } from '#server/db/tx.ts';
import type { AskHandler, HubActor } from '#server/replica/decision.ts';
import { lockDevice } from '#server/session/handle.ts';
import { badInput, hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { calls } from '#shared/registry.ts';
import { can } from '#shared/session/rules.ts';
import type { Down, Up } from '#shared/wire/messages.ts';
import { barredBecause } from './commands.ts';

type Answer = Extract<Down, { t: 'answer' }>;

/** Answers what only the hub can do now. */
export interface AskDesk {
  answer(org: Id, device: Id, ask: Extract<Up, { t: 'ask' }>): Promise<Answer>;
}

/** Takes the ask handlers of every slice. Each ask is one transaction, audited in it whether done or refused. */
export function makeAskDesk(ctx: HubContext, handlers: ReadonlyMap<string, AskHandler<never>>): AskDesk {
  return {
    async answer(org, device, ask) {
      const refuse = (error: ReturnType<typeof hubError>): Answer => ({ t: 'answer', id: ask.id, ok: false, error });
      const def = calls.get(ask.name);
      const handler = handlers.get(ask.name);
      if (!def || !handler || def.where !== 'hub')
        return refuse(hubError('session/unknown-call', { params: { name: ask.name } }));
      const args = z.safeParse(def.args, ask.args);
      if (!args.success) return refuse(badInput('session/bad-input', args.error, 'hub'));
      if (holdsNul(args.data)) return refuse(hubError('session/bad-input', { params: { why: 'a NUL character' } }));
      try {
        return await inTransaction(
          ctx.db,
          async (tx) => {
            const row = await lockDevice(tx, org, device);
            if (row === null || barredBecause(row)) return refuse(hubError('session/not-allowed'));
            const actor: HubActor = {
              org,
              deviceId: device,
              personId: row.person_id,
              name: row.name,
              role: row.role,
              teamIds: row.team_ids,
            };
            const isAllowed = def.permission !== null && can(actor.role, def.permission);
            const answer = isAllowed
              ? await handler(tx, { ctx, actor, args: args.data as never, now: ctx.clock.now() })
              : { ok: false as const, error: hubError('session/not-allowed') };
            await ctx.commit(tx, {
              org,
              at: ctx.clock.now(),
              cmd: null,
              rows: answer.ok ? answer.rows : [],
              audit: [
                noteOfAct({
                  act: ask.name,
                  actorId: actor.personId,
                  deviceId: device,
                  ref: ask.id,
                  status: answer.ok ? 'done' : 'refused',
                  reason: answer.ok ? null : answer.error.code,
                  subjects: answer.ok ? answer.subjects : [],
                  ...(answer.ok && answer.detail ? { detail: answer.detail } : {}),
                }),
              ],
              ...(answer.ok && answer.regrant ? { regrant: answer.regrant } : {}),
            });
            tx.afterCommit(() => ctx.onCommitted());
            return answer.ok
              ? { t: 'answer' as const, id: ask.id, ok: true as const, value: answer.value }
              : refuse(answer.error);
          },
          { retries: 2 },
        );
      } catch (error) {
        ctx.log.error({ name: ask.name, id: ask.id, error: String(error) }, 'an ask could not be answered');
        const isBusy = failureOf(error).kind !== 'fault';
        return refuse(hubError(isBusy ? 'session/busy' : 'session/failed', { retry: 'later' }));
      }
    },
  };
}
