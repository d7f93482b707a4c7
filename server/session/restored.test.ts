import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { type TestDevice, World } from '#tests/support/world.ts';
import { refresh } from './sign-in.ts';
import { takeAnyTokenOnce } from './token-store.ts';

let db: Db;
let world: World;

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  world = await World.create(db, systemClock);
});

function refreshOf(device: TestDevice, token: string, key: KeyObject = device.key) {
  const content = { deviceId: device.id, refresh: token, at: systemClock.now() };
  const sig = sign(null, Buffer.from(canonicalJson(content)), key).toString('base64');
  return refresh(world.hub.ctx, { ...content, sig });
}

/** A token this hub has handed out and, restored to a time before, does not remember. */
const later = 'handed-out-after-the-backup-was-made';

test('after a restore a desk goes on with the token it was given last, once, and only by its own key', async () => {
  const desk = await world.device(await world.person('Ana', 'agent', [world.teams[0]]));
  await inTransaction(db, (tx) => takeAnyTokenOnce(tx, world.org));
  const stranger = generateKeyPairSync('ed25519').privateKey;
  expect(await refreshOf(desk, later, stranger)).toMatchObject({ error: { code: 'session/bad-signature' } });
  const first = await refreshOf(desk, later);
  if (!first.ok) throw new Error(first.error.code);
  const second = await refreshOf(desk, first.value.tokens.refresh);
  expect(second.ok).toBe(true);
  expect(await refreshOf(desk, later)).toMatchObject({ error: { code: 'session/expired' } });
});

test('without a restore a token nobody remembers ends the session', async () => {
  const desk = await world.device(await world.person('Ben', 'agent', [world.teams[0]]));
  expect(await refreshOf(desk, later)).toMatchObject({ error: { code: 'session/expired' } });
  const left = await db.rows(sql`select 1 from session_tokens where device = ${desk.id}::uuid`);
  expect(left).toEqual([]);
});
