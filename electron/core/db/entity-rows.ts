import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';

/** One index over an entity's rows. */
export interface EntityIndex {
  readonly name: string;
  /** Paths into the body (`status`, `customer.id`), or `@scope` for the scope's number. Order matters, as in any index. */
  readonly fields: readonly string[];
}

/**
 * What a slice declares about one replicated entity, in `electron/core/SLICE/rows.ts`.
 * Every field named by an index becomes a generated column `entity_field` (see `fieldColumn`) of `row` and `visible_row`.
 */
export interface EntityRows<Body = unknown> {
  readonly entity: string;
  /** Bodies are parsed with it before they are stored; a body it refuses is never stored. */
  readonly schema: z.ZodMiniType<Body>;
  readonly indexes: readonly EntityIndex[];
  /** The words by which a row can be found; empty for a row that cannot. */
  searchText?(body: Body): string;
}

/** The declared entities of all slices by name. */
export type EntityMap = ReadonlyMap<string, EntityRows>;

/** Types a declaration by its schema, so that `searchText` knows its body. */
export function entityRows<Body>(declared: EntityRows<Body>): EntityRows<Body> {
  return declared;
}

/** Gathers declarations; throws on two of one name or on a name that cannot be a column, which is a defect of the build. */
export function entityMap(declared: readonly EntityRows[]): EntityMap {
  const map = new Map<string, EntityRows>();
  for (const one of declared) {
    if (!/^[a-z][A-Za-z0-9]*$/.test(one.entity)) throw new Error(`not an entity name: ${one.entity}`);
    if (map.has(one.entity)) throw new Error(`entity declared twice: ${one.entity}`);
    for (const index of one.indexes) {
      for (const field of index.fields) {
        if (field !== '@scope' && !/^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*$/.test(field)) {
          throw new Error(`not a field path: ${field}`);
        }
      }
    }
    map.set(one.entity, one);
  }
  return map;
}

/** The generated column that holds a field of an entity: `fieldColumn('head', 'customer.id')` is `head_customer_id`. */
export function fieldColumn(entity: string, path: string): string {
  return path === '@scope' ? 'scope_n' : `${entity}_${path.replaceAll('.', '_')}`;
}

/** Columns and indexes as SQL, in an order that depends on the declarations' content only. */
export function fieldSql(entities: EntityMap): {
  columns: string[];
  names: string[];
  indexes: string[];
  guesses: [index: string, counts: string][];
} {
  const columns = new Map<string, string>();
  const indexes: string[] = [];
  const guesses: [index: string, counts: string][] = [];
  for (const { entity, indexes: declared } of [...entities.values()].sort((a, b) => (a.entity < b.entity ? -1 : 1))) {
    for (const { name, fields } of declared) {
      for (const path of fields) {
        if (path === '@scope') continue;
        const column = fieldColumn(entity, path);
        columns.set(column, `${column} generated always as (json_extract(body, '$.${path}')) virtual`);
      }
      guesses.push([
        `row_${entity}_${name}`,
        ['10000', ...fields.map((_, place) => Math.max(1, 100 / 10 ** place))].join(' '),
      ]);
      const list = fields.map((path) => fieldColumn(entity, path)).join(', ');
      indexes.push(
        `create index cache.row_${entity}_${name} on row(${list}) where entity = '${entity}' and body is not null`,
      );
    }
  }
  return { columns: [...columns.values()], names: [...columns.keys()], indexes, guesses };
}

/** A number that changes whenever the layout of the cache does: positive, 31 bits, kept in `user_version`. */
export function versionOf(sql: readonly string[], entities: EntityMap): number {
  const names = [...entities.values()].map((one) => `${one.entity}${one.searchText ? '+' : ''}`).sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([sql, names]))
    .digest();
  return digest.readUInt32BE(0) & 0x7fffffff || 1;
}
