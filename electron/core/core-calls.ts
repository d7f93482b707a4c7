import * as z from 'zod/mini';
import type * as conversation from '#shared/conversation/calls.ts';
import { deskError } from '#shared/lib/errors.ts';
import type { Change } from '#shared/lib/query.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type * as session from '#shared/session/calls.ts';
import { endDraft, saveDraft } from './db/drafts.ts';
import { type Entrance, enrol, openerOf, signIn, unlock } from './enter.ts';
import type { OpenDesk } from './open-desk.ts';
import { askHub } from './session/hub-http.ts';

type ArgsOf<C extends { readonly args: z.ZodMiniType }> = z.infer<C['args']>;
/** What calls need of the core they are made on. */
export interface CallCore {
  readonly entrance: Entrance;
  readonly desk: OpenDesk | null;
  tell(changes: readonly Change[]): void;
  lock(): void;
  wipe(): Result<void>;
  unsent(): number;
}

type Work<A> = (core: CallCore, args: A) => Result<unknown> | Promise<Result<unknown>>;

const done = ok({});
const locked = fail(deskError('session/locked'));

function onDesk<A>(
  work: (desk: OpenDesk, args: A, core: CallCore) => Result<unknown> | Promise<Result<unknown>>,
): Work<A> {
  return (core, args) => (core.desk ? work(core.desk, args, core) : locked);
}

const asDone = (result: Result<unknown>): Result<unknown> => (result.ok ? done : result);

const doEnrol: Work<ArgsOf<typeof session.enrol>> = async (core, args) => {
  const enrolled = await enrol(core.entrance, args);
  if (enrolled.ok) core.tell([{ entity: 'local.profile' }]);
  return enrolled;
};

const doSignIn: Work<ArgsOf<typeof session.signIn>> = async (core, args) => asDone(await signIn(core.entrance, args));

const doUnlock: Work<ArgsOf<typeof session.unlock>> = async (core, args) => asDone(await unlock(core.entrance, args));

const doLock: Work<unknown> = (core) => {
  core.lock();
  return done;
};

const doSignOut: Work<ArgsOf<typeof session.signOut>> = (core, { isLossConfirmed }) => {
  const count = core.unsent();
  if (count > 0 && !isLossConfirmed) return fail(deskError('session/unsent-work', { params: { count } }));
  return asDone(core.wipe());
};

const doChangePassword = onDesk<ArgsOf<typeof session.changePassword>>(async (desk, { current, next }, core) => {
  const { parts, profiles } = core.entrance;
  const { id, hub } = desk.opened.profile;
  const request = { address: hub.address, path: '/v1/password', body: { current, next }, bearer: desk.access() };
  const changed = await askHub(parts.http, request, z.unknown());
  if (!changed.ok) return changed;
  const opener = await openerOf(parts, id, current, false);
  const relocked = await profiles.changePassword(id, opener, next);
  const noted = desk.passwordChanged();
  // The hub has the new one already; until the next sign-in this computer opens with the old one.
  if (!relocked.ok) return fail(deskError('session/local-password-kept', { params: { why: relocked.error.code } }));
  return asDone(noted);
});

const doPresent = onDesk<ArgsOf<typeof session.present>>((desk, { state }) => {
  desk.sync.beats.present(state);
  desk.changed([{ entity: 'local.profile' }]);
  return done;
});

const doSendAgain = onDesk<ArgsOf<typeof session.sendAgain>>((desk, { ns }) => asDone(desk.sync.sendAgain(ns)));

const doGiveUp = onDesk<ArgsOf<typeof session.giveUp>>((desk, { ns, reason }) => asDone(desk.sync.giveUp(ns, reason)));

const doReconnect = onDesk<unknown>((desk) => {
  desk.sync.reconnect();
  return done;
});

const doSaveDraft = onDesk<ArgsOf<typeof conversation.saveDraft>>((desk, { conversationId, kind, text }, core) => {
  const updatedAt = core.entrance.parts.clock.now();
  const saved = desk.opened.store.write((tx) => {
    if (text === '') endDraft(tx, conversationId);
    else saveDraft(tx, { conversation: conversationId, kind, text, basis: '{}', updatedAt });
  });
  if (!saved.ok) return saved;
  desk.changed([{ entity: 'local.draft', id: conversationId }]);
  return done;
});

const doSeen = onDesk<ArgsOf<typeof conversation.seen>>((desk, { conversationId, upTo }) => {
  desk.sync.marks.seen(conversationId, upTo);
  return done;
});

const doTyping = onDesk<ArgsOf<typeof conversation.typing>>((desk, { conversationId, isTyping }) => {
  desk.sync.typing(conversationId, isTyping);
  return done;
});

/** What the core does itself, by the call's name. Arguments come parsed by the call's own schema. */
export const coreCalls: ReadonlyMap<string, Work<never>> = new Map<string, Work<never>>([
  ['session.enrol', doEnrol],
  ['session.signIn', doSignIn],
  ['session.unlock', doUnlock],
  ['session.lock', doLock],
  ['session.signOut', doSignOut],
  ['session.changePassword', doChangePassword],
  ['session.present', doPresent],
  ['session.sendAgain', doSendAgain],
  ['session.giveUp', doGiveUp],
  ['session.reconnect', doReconnect],
  ['conversation.saveDraft', doSaveDraft],
  ['conversation.seen', doSeen],
  ['conversation.typing', doTyping],
]);
