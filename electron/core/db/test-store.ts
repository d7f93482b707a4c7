import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Result } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';
import type { IncomingRow } from './cache-rows.ts';
import { type EntityMap, entityMap, entityRows } from './entity-rows.ts';
import { openStore, type Store } from './open.ts';

/** For tests of this room: two entities, one found by words, and stores in folders of their own that go away again. */
export const message = entityRows({
  entity: 'message',
  schema: z.object({ conversation: z.string(), order: z.number(), text: z.string() }),
  indexes: [{ name: 'thread', fields: ['conversation', 'order'] }],
  searchText: (body) => body.text,
});
export const head = entityRows({
  entity: 'head',
  schema: z.object({ status: z.string() }),
  indexes: [{ name: 'status', fields: ['status'] }],
});
export const entities = entityMap([message, head]);
export const keys = { work: new Uint8Array(32).fill(1), cache: new Uint8Array(32).fill(2) };

/** The value of a result that must be good. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The error code of a result that must be bad. */
export function codeOf(result: Result<unknown>): string {
  if (result.ok) throw new Error('an error was expected');
  return result.error.code;
}

export class TestFolders {
  private readonly folders: string[] = [];
  private readonly stores: Store[] = [];

  folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'desk-store-'));
    this.folders.push(made);
    return made;
  }

  open(folder: string = this.folder(), options: { build?: string; entities?: EntityMap } = {}): Store {
    const store = must(openStore({ folder, keys, entities, clock: systemClock, ...options }));
    this.stores.push(store);
    return store;
  }

  closeAll(): void {
    for (const store of this.stores.splice(0)) store.close();
  }

  removeAll(): void {
    this.closeAll();
    for (const folder of this.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** A message row as it stands on the wire. */
export function say(s: string, i: string, q: number, text: string, conversation = 'c1'): IncomingRow {
  return { s, e: 'message', i, q, b: JSON.stringify({ conversation, order: q, text }) };
}
