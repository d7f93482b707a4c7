import type * as z from 'zod/mini';
import { noteOfAct } from '#server/audit/note.ts';
import type { HubContext } from '#server/context.ts';
import { inTransaction, type WriteTx } from '#server/db/tx.ts';
import { type AppError, hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type {
  demoRequest,
  enrolAnswer,
  enrolRequest,
  passwordRequest,
  refreshAnswer,
  refreshRequest,
  SignInAnswer,
  signInRequest,
} from '#shared/wire/http.ts';
import { normalCode } from './accounts.ts';
import { insertStation, stationOfToken, useCode } from './enrol-store.ts';
import { fitsPassword, hashPassword } from './passwords.ts';
import { deviceRow, personRows } from './rows.ts';
import * as store from './store.ts';
import { deviceOfAccess, dropTokens, issueTokens, isTokenOf, tokensOf } from './token-store.ts';
import { digestOf, isSignedBy, newSecret } from './tokens.ts';

const refused = (code: string, field?: string): { readonly ok: false; readonly error: AppError } =>
  fail(hubError(code, field === undefined ? {} : { field }));

/** Trades a one-time code for a station token: this computer may sign people in from now on. */
export function enrol(
  ctx: HubContext,
  ask: z.infer<typeof enrolRequest>,
): Promise<Result<z.infer<typeof enrolAnswer>>> {
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now();
    const code = await useCode(tx, digestOf(normalCode(ask.code)), now);
    if (!code) return refused('session/wrong-code', 'code');
    const token = newSecret(ctx.random);
    const id = ctx.mint.next();
    await insertStation(tx, code.org, { id, tokenHash: digestOf(token), label: ask.label, at: now });
    await ctx.commit(tx, {
      org: code.org,
      at: now,
      cmd: null,
      rows: [],
      audit: [noteOfAct({ act: 'session.enrol', actorId: null, subjects: [`station:${id}`, `code:${code.id}`] })],
    });
    const org = (await store.orgs(tx)).find((o) => o.id === code.org);
    return ok({ stationToken: token, hubId: code.org, orgName: org?.name ?? '' });
  });
}

interface NewDevice {
  readonly deviceId: Id;
  readonly publicKey: string;
  readonly label: string;
}

async function welcome(
  ctx: HubContext,
  tx: WriteTx,
  org: Id,
  person: store.PersonRow,
  device: NewDevice,
  act: string,
): Promise<Result<SignInAnswer>> {
  const now = ctx.clock.now();
  const known = await store.deviceOf(tx, org, device.deviceId);
  if (known) return refused('session/device-known', 'deviceId');
  const row: store.DeviceRow = {
    id: device.deviceId,
    person_id: person.id,
    label: device.label,
    public_key: device.publicKey,
    state: 'active',
    last_n: 0,
    last_id: null,
    enrolled_at: now,
    last_seen_at: now,
  };
  await store.insertDevice(tx, org, row);
  const signedIn = { ...person, last_sign_in_at: now };
  await store.upsertPerson(tx, org, signedIn);
  const tokens = await issueTokens(tx, org, row.id, now, ctx.settings, ctx.random, null);
  await ctx.commit(tx, {
    org,
    at: now,
    cmd: null,
    rows: [deviceRow(row), ...personRows(signedIn, await store.teamIdsOf(tx, org, person.id))],
    audit: [noteOfAct({ act, actorId: person.id, deviceId: row.id, subjects: [`device:${row.id}`] })],
    regrant: { persons: [person.id] },
  });
  tx.afterCommit(() => ctx.onCommitted());
  const home = (await store.orgs(tx)).find((o) => o.id === org);
  return ok({
    tokens,
    deviceId: row.id,
    personId: person.id,
    personName: person.name,
    hubId: org,
    orgName: home?.name ?? '',
    offlineForMs: ctx.settings.offlineForMs,
    hubAt: now,
    mustChangePassword: person.must_change_password,
  });
}

/** Signs a person in at an enrolled computer, as a new device. What is wrong is not told apart: account, password, disabled. */
export async function signIn(ctx: HubContext, ask: z.infer<typeof signInRequest>): Promise<Result<SignInAnswer>> {
  const station = await stationOfToken(ctx.db, digestOf(ask.stationToken));
  if (!station) return refused('session/not-enrolled');
  const before = await store.personByEmail(ctx.db, station.org, ask.email);
  const fits = await fitsPassword(before?.password_hash ?? null, ask.password);
  return inTransaction(ctx.db, async (tx) => {
    const person = before ? await store.lockPerson(tx, station.org, before.id) : null;
    if (!person || !fits || person.is_disabled || person.password_hash !== before?.password_hash) {
      // Written down for an account that is not there too: the time taken tells nothing, and the station is known.
      const subjects = [`station:${station.id}`, ...(person ? [`person:${person.id}`] : [])];
      await ctx.commit(tx, {
        org: station.org,
        at: ctx.clock.now(),
        cmd: null,
        rows: [],
        audit: [
          noteOfAct({
            act: 'session.signIn',
            actorId: null,
            status: 'refused',
            reason: 'session/wrong-password',
            subjects,
          }),
        ],
      });
      return refused('session/wrong-password', 'password');
    }
    return welcome(ctx, tx, station.org, person, ask, 'session.signIn');
  });
}

/** Signs the demo agent (or another demo account) in, without code or password. Only on a hub started for the demo. */
export async function signInDemo(
  ctx: HubContext,
  ask: z.infer<typeof demoRequest>,
  defaultEmail: string,
): Promise<Result<SignInAnswer>> {
  const org = (await store.orgs(ctx.db)).find((o) => o.is_demo);
  if (!ctx.settings.isDemo || !org) return refused('session/no-demo');
  return inTransaction(ctx.db, async (tx) => {
    const known = await store.personByEmail(tx, org.id, ask.email ?? defaultEmail);
    const person = known ? await store.lockPerson(tx, org.id, known.id) : null;
    if (!person) return refused('session/no-demo', 'email');
    return welcome(ctx, tx, org.id, person, ask, 'session.signInDemo');
  });
}

/**
 * Trades a refresh token for new tokens. It must be signed by the device's own key, so a stolen token is worth nothing
 * elsewhere. The token before the present one is good until the present one has been used; an older one is a replay and
 * ends the session. A device that is revoked, frozen or disabled gets new tokens too: only with them it learns that it is.
 */
export function refresh(
  ctx: HubContext,
  ask: z.infer<typeof refreshRequest>,
): Promise<Result<z.infer<typeof refreshAnswer>>> {
  const work = async (tx: WriteTx): Promise<Result<z.infer<typeof refreshAnswer>>> => {
    const now = ctx.clock.now();
    const held = await tokensOf(tx, ask.deviceId);
    const device = held ? await store.deviceOf(tx, held.org, ask.deviceId) : null;
    if (!held || !device || held.refresh_until <= now) return refused('session/expired');
    const { sig, ...content } = ask;
    if (!isSignedBy(device.public_key, content, sig)) return refused('session/bad-signature');
    const digest = digestOf(ask.refresh);
    if (!isTokenOf(held, digest)) {
      await dropTokens(tx, held.org, [device.id]);
      await ctx.commit(tx, {
        org: held.org,
        at: now,
        cmd: null,
        rows: [],
        audit: [
          noteOfAct({
            act: 'session.refresh',
            actorId: null,
            deviceId: device.id,
            status: 'refused',
            reason: 'session/replayed-token',
          }),
        ],
      });
      return refused('session/expired');
    }
    const tokens = await issueTokens(tx, held.org, device.id, now, ctx.settings, ctx.random, digest);
    await store.touchDevice(tx, held.org, device.id, now);
    return ok({ tokens, hubAt: now });
  };
  // It locks tokens before the device, an administrator's act the other way round: now and then one of them starts over.
  return inTransaction(ctx.db, work, { retries: 2 });
}

/** Changes the person's own password. */
export async function changePassword(
  ctx: HubContext,
  access: string,
  ask: z.infer<typeof passwordRequest>,
): Promise<Result<Record<string, never>>> {
  const session = await deviceOfAccess(ctx.db, access, ctx.clock.now());
  const device = session ? await store.deviceOf(ctx.db, session.org, session.device) : null;
  if (!session || !device || device.is_disabled || device.state !== 'active') return refused('session/expired');
  const before = await store.personById(ctx.db, session.org, device.person_id);
  if (!(await fitsPassword(before?.password_hash ?? null, ask.current)))
    return refused('session/wrong-password', 'current');
  const hash = await hashPassword(ask.next);
  return inTransaction(ctx.db, async (tx) => {
    const person = await store.lockPerson(tx, session.org, device.person_id);
    if (!person) return refused('session/expired');
    const changed = { ...person, password_hash: hash, must_change_password: false };
    await store.upsertPerson(tx, session.org, changed);
    await ctx.commit(tx, {
      org: session.org,
      at: ctx.clock.now(),
      cmd: null,
      rows: personRows(changed, await store.teamIdsOf(tx, session.org, person.id)),
      audit: [
        noteOfAct({
          act: 'session.changePassword',
          actorId: person.id,
          deviceId: device.id,
          subjects: [`person:${person.id}`],
        }),
      ],
    });
    tx.afterCommit(() => ctx.onCommitted());
    return ok({});
  });
}
