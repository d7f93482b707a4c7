import * as z from 'zod/mini';
import { isSignedBy } from '#core/db/signing.ts';
import { headSchema } from '#shared/conversation/model.ts';
import { isOvertaken } from '#shared/conversation/rules.ts';
import type { Envelope, Patch } from '#shared/lib/command.ts';
import { type AppError, hubError } from '#shared/lib/errors.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { commands } from '#shared/registry.ts';
import type { Down, Outcome, Up } from '#shared/wire/messages.ts';
import type { FakeStream, FakeWrite } from './fake-stream.ts';

/** A UUID that says what it stands for. */
export const fakeId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const fakeOrg = fakeId(1);
export const fakeTeam = fakeId(2);
export const fakeAgent = fakeId(3);
export const fakeCustomer = fakeId(4);

type Dismissal = Extract<Down, { t: 'dismissed' }>['why'];

/** A device as the hub knows it. */
export interface FakeDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly personId: string;
  lastN: number;
  lastId: string | null;
  outcomes: Map<number, Outcome>;
  gone: 'revoked' | 'cloned' | 'disabled' | null;
  serial: number;
}

/** A conversation's head. */
export function headOf(stream: FakeStream, conversation: string): z.infer<typeof headSchema> {
  return z.parse(headSchema, stream.get(scopeOf.conversation(conversation), 'head', conversation));
}

/** Every conversation there is. */
export function conversationsOf(stream: FakeStream): z.infer<typeof headSchema>[] {
  return stream.all('head').flatMap((body) => {
    const parsed = z.safeParse(headSchema, body);
    return parsed.success ? [parsed.data] : [];
  });
}

/** A head in its team's list while open, and in the conversation always. */
export function headRows(head: { id: string; teamId: string; state: string }): FakeWrite[] {
  return [
    { s: scopeOf.team(head.teamId), e: 'head', i: head.id, b: head.state === 'open' ? head : null },
    { s: scopeOf.conversation(head.id), e: 'head', i: head.id, b: head },
  ];
}

/** What the customer writes, with its place in the thread. */
export function customerMessage(stream: FakeStream, conversationId: string, order: number, text: string): FakeWrite {
  const id = fakeId(1_000_000 + stream.seq);
  const body = {
    id,
    conversationId,
    order,
    from: 'customer',
    authorId: null,
    authorName: 'Mia',
    text,
    at: stream.seq,
    writtenAt: null,
  };
  return { s: scopeOf.publicOf(conversationId), e: 'message', i: id, b: body };
}

/** A device's tokens; each refresh makes the one before worthless. */
export function tokensOf(device: FakeDevice, now: number): unknown {
  const access = `access ${device.id} ${device.serial}`;
  return { access, accessUntil: now + 900_000, refresh: `refresh ${device.id} ${device.serial}` };
}

/** The shared rules as judge, over what the hub has now. */
function judge(
  stream: FakeStream,
  device: FakeDevice,
  envelope: Envelope,
): { status: Outcome['status']; error: AppError | null; patches: readonly Patch[] } {
  const def = commands.get(envelope.kind);
  if (!def) return { status: 'refused', error: hubError('session/unknown-command'), patches: [] };
  const bad = envelope.after.some((n) => (device.outcomes.get(n)?.status ?? 'done') !== 'done');
  if (bad && !def.mayFollowRefused) return { status: 'held', error: hubError('session/held'), patches: [] };
  const actor = { personId: device.personId, role: 'agent', teamIds: [fakeTeam] };
  const read = (entity: string, id: string): unknown => stream.find(entity, id);
  const written = {
    id: envelope.id,
    args: envelope.args,
    at: envelope.at,
    basis: envelope.basis,
    offline: envelope.offline,
  };
  const head = z.safeParse(headSchema, stream.find('head', String(envelope.args['conversationId'])));
  const isStale = def.onStale === 'ask' && head.success && isOvertaken(head.data, envelope.basis, envelope.offline);
  const error = def.check(written, actor, read) ?? (isStale ? hubError('conversation/overtaken') : null);
  if (error) return { status: 'refused', error, patches: [] };
  return { status: 'done', error: null, patches: def.effect(written, actor, read) };
}

/** A patch of the desk's effect as the hub writes it: messages, notes and events get their place. */
function writeOf(stream: FakeStream, patch: Patch, cmd: string): FakeWrite {
  let b = patch.body;
  if (
    ['message', 'note', 'event'].includes(patch.entity) &&
    typeof b === 'object' &&
    b !== null &&
    'conversationId' in b
  ) {
    b = { ...b, order: headOf(stream, String(b.conversationId)).lastOrder + 1 };
  }
  if (patch.entity === 'head' && typeof b === 'object' && b !== null && 'lastOrder' in b)
    b = { ...b, lastOrder: Number(b.lastOrder) + 1 };
  return { s: patch.scope, e: patch.entity, i: patch.id, b, c: cmd };
}

/** Why a device that says hello is not welcome; null = it is. */
export function dismissalOf(device: FakeDevice | undefined, hello: Extract<Up, { t: 'hello' }>): Dismissal | null {
  if (!device) return 'unknown';
  if (device.gone) return device.gone;
  if (hello.token !== `access ${device.id} ${device.serial}`) return 'expired';
  const isBehind = hello.lastN < device.lastN || (hello.lastN === device.lastN && hello.lastId !== device.lastId);
  if (!isBehind) return null;
  device.gone = 'cloned';
  return 'cloned';
}

/** Decides a command as DESIGN 4 says: known, next, or after a gap. Answers also the text a customer got by it. */
export function decide(
  stream: FakeStream,
  devices: ReadonlyMap<string, FakeDevice>,
  device: FakeDevice,
  envelope: Envelope,
): { answer: Down; delivered: string | null } {
  const { sig, ...rest } = envelope;
  const only = (answer: Down): { answer: Down; delivered: null } => ({ answer, delivered: null });
  if (!isSignedBy(rest, sig, device.publicKey)) return only({ t: 'refused', error: hubError('session/bad-signature') });
  if (envelope.n <= device.lastN) {
    const stored = device.outcomes.get(envelope.n);
    if (stored?.id === envelope.id) return only({ t: 'outcome', outcome: stored });
    device.gone = 'cloned';
    return only({ t: 'dismissed', why: 'cloned' });
  }
  if (envelope.n > device.lastN + 1) return only({ t: 'gap', lastN: device.lastN });
  const before = [...devices.values()].flatMap((d) => [...d.outcomes.values()]).find((o) => o.id === envelope.id);
  const { status, error, patches } = before ? { ...before, patches: [] } : judge(stream, device, envelope);
  const seq = stream.commit(patches.map((p) => writeOf(stream, p, envelope.id)));
  const outcome: Outcome = { n: envelope.n, id: envelope.id, status, error, seq };
  device.lastN = envelope.n;
  device.lastId = envelope.id;
  device.outcomes.set(envelope.n, outcome);
  stream.addOutcome(device.id, outcome);
  const isNews = status === 'done' && !before && envelope.kind === 'conversation.reply';
  return { answer: { t: 'outcome', outcome }, delivered: isNews ? String(envelope.args['text']) : null };
}
