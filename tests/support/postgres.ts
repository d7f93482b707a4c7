import { afterAll, inject } from 'vitest';
import type { Address } from '#server/db/launch.ts';
import type { DbLimits } from '#server/db/open.ts';
import { openDb } from '#server/db/open.ts';
import type { Db } from '#server/db/tx.ts';
import { createDatabase, dropDatabase, must, urlOf } from './postgres-server.ts';

/** A database of one test file (or test). */
export interface FreshDatabase {
  readonly address: Address;
  readonly url: string;
  /** Opens a pool of its own on it; two pools are two hubs. Closed after the file. */
  open(limits?: DbLimits): Promise<Db>;
  drop(): Promise<void>;
}

const made: FreshDatabase[] = [];
// Here and not in the function: a hook registered inside a test would be for nobody.
afterAll(async () => {
  await Promise.all(made.splice(0).map((database) => database.drop()));
});

/**
 * A database of its own for this test file (or test), migrated or empty; everything opened on it is closed and it is
 * dropped after the file. Call it anywhere in a test file.
 */
export async function freshDatabase(options: { readonly isEmpty?: boolean } = {}): Promise<FreshDatabase> {
  const address = await createDatabase(inject('postgres'), options);
  const opened: Db[] = [];
  const database: FreshDatabase = {
    address,
    url: urlOf(address),
    async open(limits) {
      const db = must(await openDb({ address, ...(limits === undefined ? {} : { limits }) }));
      opened.push(db);
      return db;
    },
    async drop() {
      await Promise.all(opened.map((db) => db.close()));
      await dropDatabase(address);
    },
  };
  made.push(database);
  return database;
}
