import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { openEncrypted, removeDatabase, type Sqlite, storeError } from './driver.ts';
import { syncFolder } from './files.ts';
import { Handles, type SqlRow, type SqlValue } from './handles.ts';
import { workFile } from './open.ts';
import type { OutboxRow } from './work-schema.ts';

/** What could still be read of a damaged work.db. */
export interface Salvaged {
  /** The untouched copy of the damaged file; kept until a person or the sign-out removes it. */
  readonly aside: string;
  readonly outbox: readonly OutboxRow[];
  readonly drafts: readonly SqlRow[];
  readonly meta: readonly SqlRow[];
  /** False when some rows may be missing: then this device's numbers are not to be trusted and it has to enrol again. */
  readonly isComplete: boolean;
}

/**
 * Copies a damaged work.db aside and reads from the copy whatever can be read: from both ends of each table, because every page is
 * authenticated by itself and only the damaged ones are lost. The file itself is left as it is; `removeWork` clears the way for a
 * new one. `at` (epoch ms) names the copy.
 */
export function salvageWork(options: { folder: string; key: Uint8Array; at: number }): Result<Salvaged> {
  const file = workFile(options.folder);
  const aside = `${file}.damaged-${options.at}`;
  const reading = `${aside}.reading`;
  try {
    for (const part of ['', '-wal', '.key-check']) {
      if (!existsSync(file + part)) continue;
      copyFileSync(file + part, aside + part);
      copyFileSync(file + part, reading + part);
    }
    syncFolder(options.folder);
    // Read from a second copy: opening one lets SQLite replay and empty its log.
    const opened = openEncrypted({ file: reading, key: options.key });
    if (!opened.ok) return ok({ aside, outbox: [], drafts: [], meta: [], isComplete: false });
    try {
      return ok(readAll(aside, opened.value));
    } finally {
      opened.value.close();
    }
  } catch (thrown) {
    return fail(storeError(thrown));
  } finally {
    removeDatabase(reading);
  }
}

/** Removes a work.db that was salvaged, so that the next `openStore` starts a new one. */
export function removeWork(folder: string): Result<void> {
  try {
    removeDatabase(workFile(folder));
    rmSync(`${workFile(folder)}-shm`, { force: true });
    syncFolder(folder);
    return ok(undefined);
  } catch (thrown) {
    return fail(storeError(thrown));
  }
}

function readAll(aside: string, db: Sqlite): Salvaged {
  const handles = new Handles(db);
  const outbox = fromBothEnds<OutboxRow>(handles, 'outbox', 'n');
  const drafts = fromBothEnds(handles, 'draft', 'conversation');
  const meta = fromBothEnds(handles, 'meta', 'key');
  return {
    aside,
    outbox: outbox.rows,
    drafts: drafts.rows,
    meta: meta.rows,
    isComplete: outbox.isWhole && drafts.isWhole && meta.isWhole,
  };
}

function fromBothEnds<Row extends SqlRow>(
  handles: Handles,
  table: string,
  key: string,
): { rows: Row[]; isWhole: boolean } {
  const lowest = key === 'n' ? Number.MIN_SAFE_INTEGER : '';
  const up = step<Row>(handles, `select * from ${table} where ${key} > ? order by ${key} limit 1`, key, lowest);
  if (up.isWhole) return up;
  // A blob sorts after every number and every text.
  const sql = `select * from ${table} where ${key} < ? order by ${key} desc limit 1`;
  const down = step<Row>(handles, sql, key, new Uint8Array([255]));
  const known = new Set(up.rows.map((row) => row[key]));
  return { rows: [...up.rows, ...down.rows.filter((row) => !known.has(row[key])).reverse()], isWhole: false };
}

/** Row by row until the end or the first damaged page. */
function step<Row extends SqlRow>(
  handles: Handles,
  sql: string,
  key: string,
  from: SqlValue,
): { rows: Row[]; isWhole: boolean } {
  const rows: Row[] = [];
  for (;;) {
    const next = handles.read((db) => db.get<Row>(sql, rows.at(-1)?.[key] ?? from));
    if (!next.ok) return { rows, isWhole: false };
    if (!next.value) return { rows, isWhole: true };
    rows.push(next.value);
  }
}
