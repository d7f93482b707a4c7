import { createHash } from 'node:crypto';
import { noteOfAct } from '#server/audit/note.ts';
import { lockConversation, saveHead, say } from '#server/conversation/handle.ts';
import { openDb } from '#server/db/open.ts';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction, type WriteTx } from '#server/db/tx.ts';
import type { CommitInput } from '#server/replica/commit.ts';
import { lockDevice } from '#server/session/handle.ts';
import { hashOf } from '#shared/audit/rules.ts';
import type { Id } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import { systemClock } from '#shared/lib/time.ts';
import { createDatabase, must, startTestServer } from '#tests/support/postgres-server.ts';
import { World } from '#tests/support/world.ts';
import { type Bench, median, short, takeTurns } from './bench.ts';

const clients = 16;
const roundMs = 2_500;
const rounds = 7;
const text =
  'Thank you for waiting. I have found your parcel: it is at the depot and leaves today at six, so it is with you tomorrow.';

const sha256 = (of: string): string => createHash('sha256').update(of).digest('hex');

/** What each client works on: nobody waits for anybody but at the organisation's lock. */
interface Client {
  readonly device: Id;
  readonly conversation: Id;
  n: number;
}

type CommitOf = (tx: WriteTx, input: CommitInput) => Promise<unknown>;

/** One reply as the hub's handler decides it, then whichever commit. */
async function replyOnce(db: Db, world: World, client: Client, commit: CommitOf): Promise<void> {
  await inTransaction(db, async (tx) => {
    const person = await lockDevice(tx, world.org, client.device);
    const head = await lockConversation(tx, world.org, client.conversation);
    if (!person || !head) throw new Error('the benchmark lost its device or conversation');
    const at = systemClock.now();
    const id = world.mint.next();
    const said = say(tx, world.org, head, {
      id,
      from: 'agent',
      authorId: person.person_id,
      authorName: person.name,
      text,
      at,
      writtenAt: null,
    });
    client.n += 1;
    await commit(tx, {
      org: world.org,
      at,
      cmd: id,
      rows: [...said.rows, ...saveHead(tx, world.org, said.head)],
      audit: [
        noteOfAct({
          act: 'conversation.reply',
          actorId: person.person_id,
          deviceId: client.device,
          ref: id,
          subjects: [`conversation:${client.conversation}`],
          detail: { order: said.order },
        }),
      ],
      outcome: { device: client.device, n: client.n, id, status: 'done', error: null },
    });
  });
}

/**
 * The writes of `server/replica/commit.ts` in as many round trips, but with numbers from a sequence: no lock, no head to
 * read and write, no entry that rests on the one before. What such a hub would lose is the order of seq.
 */
const commitUnordered: CommitOf = async (tx, input) => {
  const { rows, org, at, cmd, outcome } = input;
  const [note] = input.audit;
  if (!note || !outcome) throw new Error('a reply has an audit entry and an outcome');
  const { last } = await tx.one(sql<{ last: number }>`select nextval('unordered') as last`);
  const first = last - rows.length + 1;
  const live = rows.map((row, i) => ({ ...row, seq: first + i }));
  tx.later(sql`
    insert into replica (org, scope, entity, id, seq, body, cmd, at)
    select ${org}::uuid, s, e, i, q, b, ${cmd}::uuid, ${at}::bigint
    from unnest(${live.map((l) => l.scope)}::text[], ${live.map((l) => l.entity)}::text[], ${live.map((l) => l.id)}::text[],
      ${live.map((l) => l.seq)}::bigint[], ${live.map((l) => JSON.stringify(l.body))}::text[]) as t(s, e, i, q, b)
    on conflict (org, scope, entity, id) do update set seq = excluded.seq, body = excluded.body, cmd = excluded.cmd, at = excluded.at`);
  const content = { ...note, chainNo: last, at, prev: '' };
  const hash = hashOf(content, sha256);
  tx.later(sql`
    insert into audit_entries (org, chain_no, at, actor_id, act, status, entry, hash)
    values (${org}::uuid, ${last}, ${at}, ${note.actorId}::uuid, ${note.act}, ${note.status}, ${canonicalJson({ ...content, hash })}, ${hash})`);
  tx.later(sql`
    insert into commit_log (org, last_seq, first_seq, mark, at) values (${org}::uuid, ${last}, ${first}, ${hash.slice(0, 16)}, ${at})`);
  tx.later(sql`
    insert into outcomes (org, device, n, id, status, error, seq, at)
    values (${org}::uuid, ${outcome.device}::uuid, ${outcome.n}, ${outcome.id}::uuid, ${outcome.status}, ${null}, ${last}, ${at})`);
  tx.later(sql`
    update devices set last_n = ${outcome.n}, last_id = ${outcome.id}::uuid where org = ${org}::uuid and id = ${outcome.device}::uuid`);
};

async function perSecond(db: Db, world: World, all: readonly Client[], commit: CommitOf): Promise<number> {
  const began = performance.now();
  const end = began + roundMs;
  let count = 0;
  await Promise.all(
    all.map(async (client) => {
      while (performance.now() < end) {
        await replyOnce(db, world, client, commit);
        count += 1;
      }
    }),
  );
  return (count * 1_000) / (performance.now() - began);
}

/** The organisation's lock, the chain and the order they give: what they cost when everybody commits at once. */
export const commits: Bench = {
  divides: `commits per second with the organisation's lock and the audit chain / the same writes without, ${clients} clients`,
  aim: null,
  async run() {
    const server = await startTestServer();
    const db = must(await openDb({ address: await createDatabase(server.address), limits: { most: clients } }));
    try {
      const world = await World.create(db, systemClock);
      const person = await world.person('Ana', 'agent', [world.teams[0]]);
      const all: Client[] = [];
      for (let i = 0; i < clients; i += 1) {
        const device = await world.device(person);
        const asked = await world.customerWrites(world.mint.next(), 'Where is my parcel?');
        all.push({ device: device.id, conversation: asked.conversationId, n: 0 });
      }
      // Its own numbers, far from those of the head; each step leaves room for the rows of one reply.
      await inTransaction(db, (tx) => tx.run(sql`create sequence unordered start with 1000000000 increment by 8`));
      await world.hub.stop();
      const turns = await takeTurns(
        {
          ours: () => perSecond(db, world, all, world.hub.ctx.commit),
          bare: () => perSecond(db, world, all, commitUnordered),
        },
        { rounds },
      );
      return {
        ratio: median(turns.map((t) => t.ours / t.bare)),
        table: [
          ['commits/s', ...turns.map((_, i) => `#${i + 1}`), 'median'],
          ['with the lock', ...turns.map((t) => short(t.ours)), short(median(turns.map((t) => t.ours)))],
          ['without', ...turns.map((t) => short(t.bare)), short(median(turns.map((t) => t.bare)))],
          ['ratio', ...turns.map((t) => short(t.ours / t.bare)), short(median(turns.map((t) => t.ours / t.bare)))],
        ],
        notes: [
          `one commit = a reply: device and conversation locked, 3 replicated rows, 1 audit entry, 1 outcome; fsync on; ${roundMs} ms a side and round`,
          'hub side and PostgreSQL share this machine',
        ],
      };
    } finally {
      await db.close();
      await server.stop();
    }
  },
};
