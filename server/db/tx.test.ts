import { beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '#tests/support/postgres.ts';
import { failureOf } from './failure.ts';
import { sql } from './sql.ts';
import type { Db, WriteTx } from './tx.ts';
import { inSnapshot, inTransaction } from './tx.ts';

let db: Db;
let other: Db;

beforeAll(async () => {
  const database = await freshDatabase({ isEmpty: true });
  db = await database.open();
  other = await database.open({ lockMs: 100 });
  await inTransaction(db, (tx) =>
    tx.run(sql`create table things (id text primary key, n bigint not null check (n >= 0))`),
  );
});

const count = async (id: string): Promise<number> => (await db.rows(sql`select 1 from things where id = ${id}`)).length;

test('a transaction that returns is committed and seen by another connection', async () => {
  await inTransaction(db, (tx) => tx.run(sql`insert into things values ('committed', 1)`));
  expect(await other.one(sql<{ n: number }>`select n from things where id = 'committed'`)).toEqual({ n: 1 });
});

test('a transaction that throws leaves nothing and passes the same error on', async () => {
  const mine = new Error('mine');
  await expect(
    inTransaction(db, async (tx) => {
      await tx.run(sql`insert into things values ('thrown', 1)`);
      throw mine;
    }),
  ).rejects.toBe(mine);
  expect(await count('thrown')).toBe(0);
});

test('a statement sent with later that fails undoes the whole transaction and its error is thrown', async () => {
  const failed = inTransaction(db, async (tx) => {
    tx.later(sql`insert into things values ('later', 1)`);
    tx.later(sql`insert into things values ('later', 2)`);
    return 'never';
  });
  const error = await failed.then(
    () => null,
    (e: unknown) => e,
  );
  expect(failureOf(error)).toEqual({ kind: 'duplicate', constraint: 'things_pkey' });
  expect(await count('later')).toBe(0);
});

test('an error caught inside still cannot be committed over', async () => {
  await expect(
    inTransaction(db, async (tx) => {
      await tx.run(sql`insert into things values ('swallowed', 1)`);
      await tx.run(sql`insert into things values ('swallowed', 1)`).catch(() => 0);
    }),
  ).rejects.toMatchObject({ code: '23505' });
  expect(await count('swallowed')).toBe(0);
});

test('an answer nobody awaits is finished before the commit', async () => {
  await inTransaction(db, async (tx) => {
    void tx.run(sql`insert into things select 'slow', 1 from pg_sleep(0.05)`);
  });
  expect(await count('slow')).toBe(1);
});

test('a transaction that has ended is dead', async () => {
  let kept: WriteTx | null = null;
  await inTransaction(db, async (tx) => {
    kept = tx;
  });
  const dead = kept as unknown as WriteTx;
  await expect(dead.run(sql`select 1`)).rejects.toThrow('has ended');
  await expect(dead.rows(sql`select 1`)).rejects.toThrow('has ended');
  expect(() => dead.later(sql`select 1`)).toThrow('has ended');
  expect(() => dead.afterCommit(() => undefined)).toThrow('has ended');
});

test('after-commit hooks run in order, once the rows can be seen, and never after a rollback', async () => {
  const order: string[] = [];
  const seen: Promise<number>[] = [];
  await inTransaction(db, async (tx) => {
    tx.afterCommit(() => {
      order.push('one');
      seen.push(count('hooked'));
    });
    tx.afterCommit(() => {
      throw new Error('a hook that fails');
    });
    tx.afterCommit(() => order.push('two'));
    await tx.run(sql`insert into things values ('hooked', 1)`);
  });
  expect(order).toEqual(['one', 'two']);
  expect(await Promise.all(seen)).toEqual([1]);
  await inTransaction(db, async (tx) => {
    tx.afterCommit(() => order.push('rolled back'));
    throw new Error('no');
  }).catch(() => undefined);
  expect(order).toEqual(['one', 'two']);
});

test('what is not a write transaction cannot write', async () => {
  await expect(db.rows(sql`insert into things values ('read', 1)`)).rejects.toMatchObject({ code: '25006' });
  await expect(inSnapshot(db, (read) => read.rows(sql`delete from things`))).rejects.toMatchObject({ code: '25006' });
  expect(await count('committed')).toBe(1);
});

test('a snapshot does not move while others commit', async () => {
  const [before, after] = await inSnapshot(db, async (read) => {
    const all = sql<{ n: number }>`select count(*) as n from things`;
    const first = await read.one(all);
    await inTransaction(other, (tx) => tx.run(sql`insert into things values ('meanwhile', 1)`));
    return [first.n, (await read.one(all)).n];
  });
  expect(after).toBe(before);
});

test('two writers on two pools take turns on a locked row and no increment is lost', async () => {
  await inTransaction(db, (tx) => tx.run(sql`insert into things values ('counter', 0)`));
  const add = (on: Db): Promise<void> =>
    inTransaction(on, async (tx) => {
      const { n } = await tx.one(sql<{ n: number }>`select n from things where id = 'counter' for update`);
      tx.later(sql`update things set n = ${n + 1} where id = 'counter'`);
    });
  const patient = async (): Promise<void> => {
    for (;;) {
      try {
        return await add(other);
      } catch (error) {
        if (failureOf(error).kind !== 'busy') throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? add(db) : patient())));
  expect(await db.one(sql`select n from things where id = 'counter'`)).toEqual({ n: 60 });
});

test('a deadlock is run again where that was allowed, and only there', async () => {
  await inTransaction(db, (tx) => tx.run(sql`insert into things values ('a', 0), ('b', 0)`));
  const crossing = async (retries: number): Promise<PromiseSettledResult<void>[]> => {
    let waiting = 0;
    let open = (): void => undefined;
    const both = new Promise<void>((done) => (open = done));
    const write = (first: string, second: string): Promise<void> =>
      inTransaction(
        db,
        async (tx) => {
          await tx.run(sql`update things set n = n + 1 where id = ${first}`);
          waiting += 1;
          if (waiting >= 2) open();
          await both;
          await tx.run(sql`update things set n = n + 1 where id = ${second}`);
        },
        { retries },
      );
    return Promise.allSettled([write('a', 'b'), write('b', 'a')]);
  };
  const once = await crossing(0);
  expect(once.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const again = await crossing(2);
  expect(again.map((r) => r.status)).toEqual(['fulfilled', 'fulfilled']);
  expect(await db.rows(sql`select n from things where id in ('a', 'b')`)).toEqual([{ n: 3 }, { n: 3 }]);
});

test('waiting too long for a lock says busy', async () => {
  let isHeld = (): void => undefined;
  let letGo = (): void => undefined;
  const held = new Promise<void>((done) => (isHeld = done));
  const free = new Promise<void>((done) => (letGo = done));
  const holder = inTransaction(db, async (tx) => {
    await tx.run(sql`select 1 from things where id = 'counter' for update`);
    isHeld();
    await free;
  });
  await held;
  const error = await inTransaction(other, (tx) => tx.run(sql`update things set n = 0 where id = 'counter'`)).catch(
    (e: unknown) => e,
  );
  letGo();
  await holder;
  expect(failureOf(error)).toEqual({ kind: 'busy' });
});

test('a connection cut before the commit is an error, and the pool goes on with a new one', async () => {
  const error = await inTransaction(db, async (tx) => {
    const { pid } = await tx.one(sql<{ pid: number }>`select pg_backend_pid() as pid`);
    await tx.run(sql`insert into things values ('cut', 1)`);
    await other.rows(sql`select pg_terminate_backend(${pid})`);
    await tx.run(sql`select 1`);
  }).catch((e: unknown) => e);
  expect(failureOf(error)).toEqual({ kind: 'unavailable' });
  expect(await count('cut')).toBe(0);
});

test('a connection cut while committing is uncertain', async () => {
  const error = await inTransaction(db, async (tx) => {
    const { pid } = await tx.one(sql<{ pid: number }>`select pg_backend_pid() as pid`);
    // The commit is sent behind this statement, which ends the connection.
    tx.later(sql`select pg_terminate_backend(${pid})`);
  }).catch((e: unknown) => e);
  expect(failureOf(error)).toEqual({ kind: 'uncertain' });
});

test('integers beyond what a number holds exactly are refused instead of rounded', async () => {
  expect(await db.one(sql`select 9007199254740991 as n, array[1, null, 3]::bigint[] as list`)).toEqual({
    n: Number.MAX_SAFE_INTEGER,
    list: [1, null, 3],
  });
  await expect(db.one(sql`select 9007199254740992 as n`)).rejects.toThrow('beyond');
});

test('one and maybe say how many rows they want', async () => {
  await expect(db.one(sql`select 1 where false`)).rejects.toThrow('no row');
  expect(await db.maybe(sql`select 1 where false`)).toBeNull();
  await expect(db.maybe(sql`select generate_series(1, 2)`)).rejects.toThrow('2 rows');
});
