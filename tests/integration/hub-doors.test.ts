import { generateKeyPairSync, sign } from 'node:crypto';
import { io as connect, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, listen } from '#server/app.ts';
import { readConfig } from '#server/config.ts';
import { sql } from '#server/db/sql.ts';
import { inTransaction } from '#server/db/tx.ts';
import { issueCodeIn } from '#server/session/accounts.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import { systemClock } from '#shared/lib/time.ts';
import { enrolAnswer, refreshAnswer, signInAnswer } from '#shared/wire/http.ts';
import type { Down } from '#shared/wire/messages.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { must } from '#tests/support/postgres-server.ts';
import { helloOf, type TestDevice, World } from '#tests/support/world.ts';

let world: World;
let app: App;
const token = 'a token for the figures';

beforeAll(async () => {
  world = await World.create(await (await freshDatabase()).open(), systemClock);
  app = await listen(world.hub, must(readConfig({ FAIRLEAD_PORT: '0', FAIRLEAD_METRICS_TOKEN: token }, [])), () =>
    Promise.resolve(),
  );
});
afterAll(async () => {
  await world.hub.stop();
  await app.close();
});

/** Each caller comes from another address, so that rates of one test do not count for the next. */
let caller = 0;
function from(): string {
  caller += 1;
  return `10.0.${Math.floor(caller / 250)}.${caller % 250}`;
}

async function post(
  path: string,
  payload: unknown,
  more: { headers?: Record<string, string>; remoteAddress?: string } = {},
) {
  const answer = await app.server.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json', ...more.headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    remoteAddress: more.remoteAddress ?? from(),
  });
  return {
    status: answer.statusCode,
    body: answer.json() as { error?: { code: string; field?: string; retry: string } } & Record<string, unknown>,
  };
}

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
}

async function station(): Promise<string> {
  const code = await inTransaction(world.hub.ctx.db, (tx) =>
    issueCodeIn(tx, world.org, world.mint.next(), systemClock.now(), world.hub.ctx.random),
  );
  const { body } = await post('/v1/enrol', { code: code.code.toLowerCase(), label: 'Front desk' });
  return enrolAnswer.parse(body).stationToken;
}

function signInBody(stationToken: string, email: string, password = 'a long password', key = newKey()) {
  return { stationToken, email, password, deviceId: world.mint.next(), publicKey: key.publicKey, label: 'Front desk' };
}

test('a computer is enrolled by a code, once; a person signs in there, and the answer opens the socket', async () => {
  await world.person('Ana', 'agent', [world.teams[0]]);
  const issued = await inTransaction(world.hub.ctx.db, (tx) =>
    issueCodeIn(tx, world.org, world.mint.next(), systemClock.now(), world.hub.ctx.random),
  );
  const first = await post('/v1/enrol', { code: ` ${issued.code.toLowerCase().replace('-', ' ')} `, label: 'x' });
  expect(first.status).toBe(200);
  expect(await post('/v1/enrol', { code: issued.code, label: 'x' })).toMatchObject({
    status: 403,
    body: { error: { code: 'session/wrong-code' } },
  });
  const { stationToken } = enrolAnswer.parse(first.body);
  const key = newKey();
  const answer = await post('/v1/sign-in', signInBody(stationToken, ' ANA@example.org ', 'a long password', key));
  const signedIn = signInAnswer.parse(answer.body);
  const device = { id: signedIn.deviceId, token: signedIn.tokens.access, key: key.privateKey };
  const thief = await socket();
  thief.emit('m', helloOf({ ...device, key: newKey().privateKey }));
  expect(await said(thief, (m) => m.t === 'dismissed' && m.why)).toBe('expired');
  const link = await socket();
  link.emit('m', helloOf(device));
  expect((await said(link, (m) => m.t === 'welcome' && m)).hubId).toBe(world.org);
  link.close();
});

test('a wrong password, an unknown account and a disabled person are answered alike and written down', async () => {
  const stationToken = await station();
  const id = await world.person('Dan', 'agent', []);
  await world.person('Eva', 'agent', []);
  await inTransaction(world.hub.ctx.db, (tx) =>
    tx.run(sql`update persons set is_disabled = true where id = ${id}::uuid`),
  );
  const asked = [
    signInBody(stationToken, 'eva@example.org', 'wrong'),
    signInBody(stationToken, 'nobody@example.org'),
    signInBody(stationToken, 'dan@example.org'),
  ];
  const answers = [];
  for (const body of asked) answers.push(await post('/v1/sign-in', body));
  expect(answers[0]).toMatchObject({ status: 403, body: { error: { code: 'session/wrong-password' } } });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  const noted = await world.hub.ctx.db.rows(
    sql`select 1 from audit_entries where act = 'session.signIn' and status = 'refused'`,
  );
  expect(noted).toHaveLength(3);
  expect(await post('/v1/sign-in', signInBody('x'.repeat(40), 'eva@example.org'))).toMatchObject({
    status: 403,
    body: { error: { code: 'session/not-enrolled' } },
  });
});

test('sign-in from one address is limited, with words that say to wait, and others are not held up', async () => {
  const stationToken = await station();
  const remoteAddress = from();
  const statuses = [];
  for (let i = 0; i < 31; i += 1)
    statuses.push((await post('/v1/sign-in', { nonsense: true }, { remoteAddress })).status);
  expect(statuses.slice(0, 30)).toEqual(Array(30).fill(400));
  expect(statuses[30]).toBe(429);
  const refused = await post('/v1/sign-in', signInBody(stationToken, 'eva@example.org'), { remoteAddress });
  expect(refused.body.error).toMatchObject({ code: 'session/too-often', retry: 'later' });
  expect((await post('/v1/sign-in', signInBody(stationToken, 'eva@example.org'))).status).toBe(200);
});

test('tokens rotate; an answer that was lost does no harm, an older token ends the session, a foreign key gets nothing', async () => {
  await world.person('Fay', 'agent', []);
  const key = newKey();
  const body = signInBody(await station(), 'fay@example.org', 'a long password', key);
  const signedIn = signInAnswer.parse((await post('/v1/sign-in', body)).body);
  const refresh = (token: string, with_ = key) => {
    const content = { deviceId: signedIn.deviceId, refresh: token, at: systemClock.now() };
    const sig = sign(null, Buffer.from(canonicalJson(content)), with_.privateKey).toString('base64');
    return post('/v1/refresh', { ...content, sig });
  };
  const first = signedIn.tokens.refresh;
  expect(await refresh(first, newKey())).toMatchObject({
    status: 401,
    body: { error: { code: 'session/bad-signature' } },
  });
  const lost = refreshAnswer.parse((await refresh(first)).body).tokens;
  const second = refreshAnswer.parse((await refresh(first)).body).tokens;
  expect(second.refresh).not.toBe(lost.refresh);
  const third = refreshAnswer.parse((await refresh(second.refresh)).body).tokens;
  expect((await refresh(first)).status).toBe(401);
  // The replay ended the session: the newest token is worth nothing either, and neither is the access it came with.
  expect((await refresh(third.refresh)).status).toBe(401);
  const link = await socket();
  link.emit('m', helloOf({ id: signedIn.deviceId, token: third.access, key: key.privateKey }));
  expect(await said(link, (m) => m.t === 'dismissed' && m.why)).toBe('expired');
  const noted = await world.hub.ctx.db.rows(
    sql`select 1 from audit_entries where act = 'session.refresh' and status = 'refused'`,
  );
  expect(noted).toHaveLength(1);
});

test('a person changes the own password with the present one, and nobody does without a session', async () => {
  await world.person('Gus', 'agent', []);
  const stationToken = await station();
  const { tokens } = signInAnswer.parse((await post('/v1/sign-in', signInBody(stationToken, 'gus@example.org'))).body);
  const headers = { authorization: `Bearer ${tokens.access}` };
  const change = { current: 'a long password', next: 'an even longer one' };
  expect((await post('/v1/password', change)).status).toBe(401);
  expect((await post('/v1/password', { ...change, current: 'guess' }, { headers })).status).toBe(403);
  expect(await post('/v1/password', { ...change, next: 'short' }, { headers })).toMatchObject({
    status: 400,
    body: { error: { field: 'next' } },
  });
  expect((await post('/v1/password', change, { headers })).status).toBe(200);
  expect((await post('/v1/sign-in', signInBody(stationToken, 'gus@example.org'))).status).toBe(403);
  expect((await post('/v1/sign-in', signInBody(stationToken, 'gus@example.org', change.next))).status).toBe(200);
});

test.each([
  ['what is no JSON', '{"a":', 400, 'session/bad-input'],
  ['a body of the wrong shape', { code: 7 }, 400, 'session/bad-input'],
  ['a character no text may hold', { code: 'ABCD-EFGH', label: 'a\u0000b' }, 400, 'session/bad-input'],
  ['a body that is too large', { code: 'x'.repeat(300_000), label: '' }, 413, 'session/bad-input'],
])('HTTP refuses %s with an error that says so', async (_what, body, status, code) => {
  expect(await post('/v1/enrol', body)).toMatchObject({ status, body: { error: { code } } });
});

test('what is not there is not found, and the demo door is shut', async () => {
  expect(await post('/v1/nothing', {})).toMatchObject({ status: 404, body: { error: { code: 'session/not-found' } } });
  const demo = { deviceId: world.mint.next(), publicKey: newKey().publicKey, label: 'x' };
  expect(await post('/v1/demo', demo)).toMatchObject({ status: 404, body: { error: { code: 'session/no-demo' } } });
});

test('health says up, readiness follows the database, figures are for who may see them', async () => {
  const get = (url: string, headers = {}) => app.server.inject({ method: 'GET', url, headers, remoteAddress: from() });
  expect((await get('/health')).json()).toEqual({ status: 'up' });
  expect((await get('/ready')).json()).toEqual({ status: 'ready' });
  expect((await get('/metrics')).statusCode).toBe(404);
  expect((await get('/metrics', { authorization: 'Bearer wrong' })).statusCode).toBe(404);
  const figures = await get('/metrics', { authorization: `Bearer ${token}` });
  expect(figures.body).toMatch(/^fairlead_desks_connected \d+$/m);
  const own = await freshDatabase();
  const other = await World.create(await own.open(), systemClock);
  const second = await listen(other.hub, must(readConfig({ FAIRLEAD_PORT: '0' }, [])), () => Promise.resolve());
  const ready = () => second.server.inject({ method: 'GET', url: '/ready' });
  expect((await second.server.inject({ method: 'GET', url: '/metrics', remoteAddress: '10.1.1.1' })).statusCode).toBe(
    404,
  );
  expect((await second.server.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' })).statusCode).toBe(
    200,
  );
  expect((await ready()).statusCode).toBe(200);
  const stopped = other.hub.stop();
  expect((await ready()).statusCode).toBe(503);
  await stopped;
  await second.close();
});

function socket(): Promise<Socket> {
  const link = connect(app.address, { transports: ['websocket'], reconnection: false, forceNew: true });
  return new Promise((done, refuse) => {
    link.once('connect', () => done(link));
    link.once('connect_error', refuse);
  });
}

function said<T>(link: Socket, pick: (m: Down) => T | false): Promise<T> {
  return new Promise((done, refuse) => {
    const timer = setTimeout(() => refuse(new Error('not said within 5 s')), 5_000);
    link.on('m', (m: Down) => {
      const found = pick(m);
      if (found === false) return;
      clearTimeout(timer);
      done(found);
    });
  });
}

async function helloOn(link: Socket, device: TestDevice): Promise<void> {
  link.emit('m', helloOf(device));
  const upTo = await said(link, (m) => m.t === 'page' && m.upTo);
  link.emit('m', { t: 'pageDone', upTo });
}

test('on a real socket a message too large ends that connection and no other; what is no message is refused', async () => {
  const device = await world.device(await world.person('Hub', 'agent', [world.teams[0]]));
  const other = await world.device(await world.person('Ida', 'agent', [world.teams[0]]));
  const [bad, good] = [await socket(), await socket()];
  await helloOn(good, other);
  const refused = said(bad, (m) => m.t === 'refused' && m.error.code);
  bad.emit('m', '<script>alert(1)</script>');
  expect(await refused).toBe('session/bad-input');
  await helloOn(bad, device);
  const gone = new Promise<string>((done) => bad.once('disconnect', done));
  bad.emit('m', { t: 'ask', id: world.mint.next(), name: 'x', args: { text: 'x'.repeat(5 * 1024 * 1024) } });
  expect(await gone).toMatch(/transport/);
  await expect.poll(() => world.hub.gateway.count()).toBe(1);
  const page = said(good, (m) => m.t === 'page' && m.rows.some((r) => r.b?.includes('still there?')));
  await world.customerWrites(world.mint.next(), 'still there?');
  expect(await page).toBe(true);
  good.close();
});
