import { randomFillSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { inTransaction } from '#server/db/tx.ts';
import { VisitorGateway } from '#server/widget/gateway.ts';
import { followHub, hubPorts, toVisitorRow } from '#server/widget/hub-ports.ts';
import { signIdentity } from '#server/widget/identity.ts';
import { addSite } from '#server/widget/sites.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { systemClock } from '#shared/lib/time.ts';
import type { VisitorDown } from '#shared/wire/visitor.ts';
import { FakeNet, openPage } from '#tests/support/fake-visitor-net.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { World } from '#tests/support/world.ts';

let world: World;
let gateway: VisitorGateway;
let secret: Uint8Array;
let siteKey: string;

beforeAll(async () => {
  const database = await freshDatabase();
  world = await World.create(await database.open(), systemClock);
  siteKey = 'shop';
  const { ctx } = world.hub;
  const wanted = {
    key: siteKey,
    name: 'Harbour & Pine',
    teamId: world.teams[0],
    allowedOrigins: ['https://shop.example'],
    hours: null,
    awayText: {},
  };
  const random = (into: Uint8Array): void => void randomFillSync(into);
  const added = await inTransaction(ctx.db, (tx) =>
    addSite(tx, world.org, wanted, { mint: world.mint, random, now: ctx.clock.now() }),
  );
  if (!added.ok) throw new Error(added.error.code);
  secret = Buffer.from(added.value.secret, 'base64url');
  gateway = new VisitorGateway(hubPorts(world.hub));
  followHub(world.hub, gateway);
  return async () => {
    gateway.close();
    await world.hub.stop();
  };
});

function page() {
  return openPage(new FakeNet(systemClock, () => gateway), systemClock, { site: siteKey });
}

type Opened = ReturnType<typeof page>;
const texts = (p: Opened): string[] => p.session.state.items.map((i) => i.text);
const identity = (subject: string): Promise<string> =>
  signIdentity({ subject, name: subject, email: null }, siteKey, secret, systemClock.now());

describe('the widget on a real hub', () => {
  it('stores a message once, brings it to the team, and shows the customer the answer but no note', async () => {
    const mine = page();
    mine.session.send('Where is my order? 4111 1111 1111 1111');
    await expect.poll(() => mine.session.state.items[0]?.state).toBe('sent');
    const { db } = world.hub.ctx;
    const kept = await db.one(sql<{ conversation_id: string; text: string; ord: number }>`
      select conversation_id, text, ord from messages where org = ${world.org}::uuid`);
    expect(kept.text).toBe('Where is my order? •••• •••• •••• 1111');
    const heads = await db.rows(
      sql`select 1 from replica where org = ${world.org}::uuid and scope = ${scopeOf.team(world.teams[0])} and entity = 'head'`,
    );
    expect(heads).toHaveLength(1);
    const answer = {
      conversationId: kept.conversation_id,
      order: 3,
      authorId: null,
      authorName: 'Ana',
      at: systemClock.now(),
      writtenAt: null,
    };
    await inTransaction(db, (tx) =>
      world.hub.ctx.commit(tx, {
        org: world.org,
        at: systemClock.now(),
        cmd: null,
        audit: [],
        rows: [
          {
            scope: scopeOf.conversation(kept.conversation_id),
            entity: 'note',
            id: world.mint.next(),
            body: { ...answer, order: 2, text: 'only us' },
          },
          {
            scope: scopeOf.publicOf(kept.conversation_id),
            entity: 'message',
            id: world.mint.next(),
            body: { ...answer, id: world.mint.next(), from: 'agent', text: 'On its way' },
          },
        ],
      }),
    );
    world.hub.tail.nudge();
    await expect.poll(() => texts(mine)).toEqual(['Where is my order? •••• •••• •••• 1111', 'On its way']);
    expect(mine.session.state.items.at(-1)?.name).toBe('Ana');
    mine.session.readAll();
    await expect
      .poll(() =>
        db.maybe(
          sql<{
            read_up_to: number;
          }>`select read_up_to from receipts where conversation_id = ${kept.conversation_id}::uuid and party = 'customer'`,
        ),
      )
      .toMatchObject({ read_up_to: 1 });
    mine.close();
  });

  it('keeps of a token only its hash, rotates it at sign-in, and forgets it at log-out', async () => {
    const mine = page();
    mine.session.send('before');
    await expect.poll(() => mine.session.state.items[0]?.state).toBe('sent');
    const anonymous = mine.storage.getItem(`fairlead.${siteKey}.anonymous.token`) ?? '';
    const { db } = world.hub.ctx;
    const whole = await db.rows(sql<{ row: string }>`select v::text as row from visitors v`);
    expect(whole.some((r) => r.row.includes(anonymous))).toBe(false);
    mine.session.setIdentity(await identity('c-77'));
    await expect.poll(() => mine.session.state.visitorName).toBe('c-77');
    await expect.poll(() => texts(mine)).toEqual(['before']);
    const elsewhere = page();
    elsewhere.session.setIdentity(await identity('c-77'));
    elsewhere.session.start();
    await expect.poll(() => texts(elsewhere)).toEqual(['before']);
    elsewhere.session.send('from elsewhere');
    await expect.poll(() => texts(mine)).toEqual(['before', 'from elsewhere']);
    const thief = page();
    thief.storage.setItem(`fairlead.${siteKey}.anonymous.token`, anonymous);
    thief.session.start();
    await expect.poll(() => thief.session.state.isLoaded).toBe(true);
    expect(texts(thief)).toEqual([]);
    mine.session.reset();
    await expect.poll(() => mine.session.state.link).toBe('off');
    expect(mine.storage.length).toBe(0);
    for (const p of [mine, elsewhere, thief]) p.close();
  });

  it('refuses what is malformed, oversized, of another version, or about somebody else, in words, and goes on', async () => {
    const victim = page();
    victim.session.send('private');
    await expect.poll(() => victim.session.state.items[0]?.state).toBe('sent');
    const conversation = victim.session.state.items[0]?.conversation;
    const heard: VisitorDown[] = [];
    let isClosed = false;
    const rude = (): ReturnType<VisitorGateway['connect']> =>
      gateway.connect(
        { send: (m) => heard.push(structuredClone(m)) > 0, close: () => (isClosed = true) },
        { address: 'rude' },
      );
    const hello = { t: 'hello', version: 1, site: siteKey, token: null, identity: null, language: 'en', cursor: null };
    const codes = (): string[] => heard.flatMap((m) => (m.t === 'refused' || m.t === 'bye' ? [m.error.code] : []));
    for (const [raw, code] of [
      [null, 'visitor/malformed'],
      ['hello', 'visitor/malformed'],
      [{ t: 'message' }, 'visitor/malformed'],
      [{ ...hello, version: 2, shape: 'new' }, 'visitor/version'],
      [{ ...hello, site: 'nobody' }, 'visitor/site-unknown'],
      [{ ...hello, identity: 'a.b.c' }, 'visitor/identity-invalid'],
    ] as const) {
      heard.length = 0;
      isClosed = false;
      rude().receive(raw);
      await expect.poll(codes).toEqual([code]);
      expect(isClosed).toBe(true);
    }
    heard.length = 0;
    const session = rude();
    session.receive(hello);
    await expect.poll(() => heard.some((m) => m.t === 'rows')).toBe(true);
    session.receive({ t: 'mark', conversation, deliveredUpTo: 9, readUpTo: 9 });
    session.receive({ t: 'message', id: world.mint.next(), text: 'x'.repeat(4_001), at: 1 });
    session.receive({ t: 'message', id: 'no id', text: 'x', at: 1 });
    session.receive(hello);
    await expect
      .poll(codes)
      .toEqual(['visitor/unknown-conversation', 'visitor/malformed', 'visitor/malformed', 'visitor/already-known']);
    expect(JSON.stringify(heard)).not.toContain('private');
    victim.session.send('still here');
    await expect.poll(() => texts(victim)).toEqual(['private', 'still here']);
    victim.close();
    session.end();
  });

  it('lets nothing but public messages and receipts through, and no field it does not name', () => {
    const id = world.mint.next();
    const body = JSON.stringify({
      id,
      conversationId: id,
      order: 1,
      from: 'agent',
      authorId: id,
      authorName: 'Ana',
      text: 'hi',
      at: 1,
      writtenAt: null,
      secret: 'x',
    });
    const row = { scope: scopeOf.publicOf(id), entity: 'message', id, body };
    expect(toVisitorRow(row)).toEqual({
      k: 'message',
      conversation: id,
      id,
      order: 1,
      from: 'agent',
      name: 'Ana',
      text: 'hi',
      at: 1,
    });
    expect(toVisitorRow({ ...row, scope: scopeOf.conversation(id) })).toBeNull();
    expect(toVisitorRow({ ...row, entity: 'note' })).toBeNull();
    expect(toVisitorRow({ ...row, scope: scopeOf.customer(id) })).toBeNull();
    expect(toVisitorRow({ ...row, body: '{"id":1}' })).toBeNull();
    expect(toVisitorRow({ ...row, body: null })).toEqual({ k: 'gone', conversation: id, id });
  });
});
