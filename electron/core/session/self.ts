import * as z from 'zod/mini';
import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import { readMeta, writeMeta } from '#core/db/work-meta.ts';
import type { Id } from '#shared/lib/ids.ts';
import { type Person, personSchema, type Team, teamSchema } from '#shared/session/model.ts';

const key = 'session.self';
const selfSchema = z.object({ person: personSchema, teams: z.array(teamSchema) });

/** Who works at this desk, with their teams. */
export interface Self {
  readonly person: Person;
  readonly teams: readonly Team[];
}

function bodyOf<T>(db: ReadDb, entity: string, id: Id, schema: z.ZodMiniType<T>): T | null {
  const text = db.value<string>('select body from cache.visible_row where entity = ? and id = ?', entity, id);
  if (text === undefined) return null;
  const parsed = z.safeParse(schema, JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/**
 * Who this is: from the cache; while that is being filled anew, as it was last known. Null before the hub has told for the first
 * time: without a role nothing can be allowed.
 */
export function readSelf(db: ReadDb, personId: Id): Self | null {
  const person = bodyOf(db, 'person', personId, personSchema);
  if (person) {
    const teams = person.teamIds.flatMap((id) => bodyOf(db, 'team', id, teamSchema) ?? []);
    return { person, teams };
  }
  const text = readMeta(db, key);
  if (text === null) return null;
  const parsed = z.safeParse(selfSchema, JSON.parse(text));
  return parsed.success && parsed.data.person.id === personId ? parsed.data : null;
}

/** Remembers who this is, for when the cache is gone. */
export function keepSelf(tx: WriteDb, self: Self): void {
  writeMeta(tx, key, JSON.stringify(self));
}
