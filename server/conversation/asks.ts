import type * as z from 'zod/mini';
import type { WriteTx } from '#server/db/tx.ts';
import type { AskAnswer, AskHandler, Asking } from '#server/replica/decision.ts';
import { close, open } from '#shared/conversation/calls.ts';
import { hubError } from '#shared/lib/errors.ts';
import { mayOpen } from '#shared/session/rules.ts';
import { conversationById } from './store.ts';

async function openOne(tx: WriteTx, { actor, args }: Asking<z.infer<typeof open.args>>): Promise<AskAnswer> {
  const head = await conversationById(tx, actor.org, args.conversationId);
  const holder = { ...actor, isDisabled: false, deviceState: 'active' as const };
  // What one may not see is answered like what is not there.
  if (!head || !mayOpen(holder, head)) return { ok: false, error: hubError('conversation/not-found') };
  return {
    ok: true,
    value: {},
    rows: [],
    regrant: { open: { device: actor.deviceId, conversation: head.id } },
    subjects: [`conversation:${head.id}`, `customer:${head.customerId}`],
  };
}

async function closeOne(_tx: WriteTx, { actor, args }: Asking<z.infer<typeof close.args>>): Promise<AskAnswer> {
  return {
    ok: true,
    value: {},
    rows: [],
    regrant: { close: { device: actor.deviceId, conversation: args.conversationId } },
    subjects: [`conversation:${args.conversationId}`],
  };
}

/** What this slice answers live, by name. */
export const askHandlers: Record<string, AskHandler<never>> = {
  [open.name]: openOne,
  [close.name]: closeOne,
};
