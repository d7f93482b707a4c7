import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEncrypted, type Sqlite } from '#core/db/driver.ts';
import { cacheFile, workFile } from '#core/db/open.ts';
import { deviceIdKey } from '#core/open-desk.ts';
import { forgetKeys, unlockKeys } from '#core/profile/keys.ts';
import { listProfiles, profileFolder } from '#core/profile/profile-file.ts';
import { plainCopy } from '#tests/support/plain-copy.ts';
import { must } from '#tests/support/postgres-server.ts';

/** One row of a desk's cache. */
export interface DiskRow {
  readonly scope: string;
  readonly entity: string;
  readonly id: string;
  readonly seq: number;
  readonly body: string | null;
}

/** One command in a desk's work.db. */
export interface DiskItem {
  readonly n: number;
  readonly id: string;
  readonly kind: string;
  readonly text: string | null;
  readonly state: string;
}

/** Everything a desk has on its disk, read past the program that wrote it. */
export interface Disk {
  readonly deviceId: string;
  /** live rows by `scope entity id` */
  readonly rows: ReadonlyMap<string, DiskRow>;
  /** scopes it holds, and whether each is whole */
  readonly scopes: ReadonlyMap<string, boolean>;
  /** rows of scopes it gave up, and words in the search index that belong to no row */
  readonly leftovers: { readonly rows: number; readonly words: number };
  readonly outbox: readonly DiskItem[];
  /** how often a text stands in the pages of the cache and in its log, decrypted page by page */
  find(text: string): { readonly pages: number; readonly frames: number };
}

/** Reads a desk's disk from its folder, which may be in use: a copy is read. Null when there is no profile. */
export async function readDisk(folder: string, password: string): Promise<Disk | null> {
  const [profile] = listProfiles(folder).profiles;
  if (!profile) return null;
  const copy = mkdtempSync(join(tmpdir(), 'fairlead-disk-'));
  try {
    cpSync(profileFolder(folder, profile.id), copy, { recursive: true });
    const opener = { password: profile.keys.by.kind === 'open' ? null : password, keychainSecret: null };
    const keys = must(await unlockKeys(profile.keys, profile.id, opener));
    // Before anything is opened: opening works the log into its file.
    const bytes = existsSync(cacheFile(copy)) ? plainCopy({ file: cacheFile(copy), key: keys.cache }) : null;
    const work = must(openEncrypted({ file: workFile(copy), key: keys.work }));
    const cache = must(openEncrypted({ file: cacheFile(copy), key: keys.cache }));
    try {
      const find = (text: string) => bytes?.find(text) ?? { pages: 0, frames: 0 };
      return { deviceId: deviceOf(work) ?? profile.deviceId, ...cacheOf(cache), outbox: outboxOf(work), find };
    } finally {
      work.close();
      cache.close();
      forgetKeys(keys);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function deviceOf(db: Sqlite): string | null {
  return (
    db.prepare<[string], { value: string }>('select value from meta where key = ?').get(deviceIdKey)?.value ?? null
  );
}

function cacheOf(db: Sqlite): Pick<Disk, 'rows' | 'scopes' | 'leftovers'> {
  const isLaidOut = db.prepare(`select 1 from sqlite_schema where name = 'scope_state'`).get() !== undefined;
  if (!isLaidOut) return { rows: new Map(), scopes: new Map(), leftovers: { rows: 0, words: 0 } };
  const rows = db
    .prepare<[], DiskRow>(
      `select s.scope, r.entity, r.id, r.seq, r.body from row r join scope_state s on s.n = r.scope_n
       where r.body is not null and s.scope is not null`,
    )
    .all();
  const scopes = db
    .prepare<[], { scope: string; complete: number }>(
      'select scope, complete from scope_state where scope is not null and joined_at is not null',
    )
    .all();
  const count = (sql: string): number => db.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  return {
    rows: new Map(rows.map((row) => [`${row.scope} ${row.entity} ${row.id}`, row])),
    scopes: new Map(scopes.map(({ scope, complete }) => [scope, complete === 1])),
    leftovers: {
      rows: count(
        'select count(*) as n from row where scope_n not in (select n from scope_state where scope is not null)',
      ),
      words: count('select count(*) as n from search where rowid not in (select n from row where body is not null)'),
    },
  };
}

function outboxOf(db: Sqlite): DiskItem[] {
  const rows = db
    .prepare<[], { n: number; id: string; kind: string; args: string; state: string }>(
      'select n, id, kind, args, state from outbox order by n',
    )
    .all();
  return rows.map(({ args, ...row }) => {
    const { text } = JSON.parse(args) as { text?: unknown };
    return { ...row, text: typeof text === 'string' ? text : null };
  });
}
