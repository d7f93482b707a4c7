import { type EntityMap, fieldSql, versionOf } from './entity-rows.ts';

/**
 * The layout of cache.db. It is never migrated: another layout has another version, and the file is thrown away.
 * Scopes are numbered (`scope_state.n`), which halves the file and doubles the speed of filling it, and makes giving up a scope
 * one small write: a scope that loses its name is invisible at once and its rows are swept afterwards.
 */
export function cacheSql(entities: EntityMap): string[] {
  const { columns, names, indexes, guesses } = fieldSql(entities);
  const extra = columns.map((column) => `, ${column}`).join('');
  const listed = names.map((name) => `, r.${name}`).join('');
  return [
    `create table cache.cache_meta(key text primary key, value text not null) without rowid`,
    `create table cache.scope_state(n integer primary key, scope text unique, joined_at integer,
       complete integer not null default 0, backfill_after integer)`,
    `create table cache.row(n integer primary key, scope_n integer not null, entity text not null, id text not null,
       seq integer not null, body text, cmd text${extra})`,
    `create unique index cache.row_key on row(entity, id, scope_n)`,
    `create index cache.row_scope on row(scope_n)`,
    ...indexes,
    `create view cache.visible_row as
       select r.n, s.scope, r.scope_n, r.entity, r.id, r.seq, r.body, r.cmd${listed}
       from row r join scope_state s on s.n = r.scope_n and s.complete = 1
       where r.body is not null and not exists (
         select 1 from row o cross join scope_state t on t.n = o.scope_n and t.complete = 1
         where o.entity = r.entity and o.id = r.id and o.seq > r.seq and o.body is not null)`,
    `create virtual table cache.search using fts5(entity, text, tokenize = 'unicode61 remove_diacritics 2')`,
    `insert into cache.search(search, rank) values('secure-delete', 1)`,
    `insert into cache.search(search, rank) values('automerge', 0)`,
    `insert into cache.search(search, rank) values('crisismerge', 64)`,
    `analyze cache`,
    ...[
      // What the planner is to believe of a full cache: it decides once per statement, often while the file is still empty.
      ['row_key', '50000 2000 1 1'],
      ['row_scope', '50000 100'],
      ...guesses,
    ].map(([index, counts]) => `insert into cache.sqlite_stat1(tbl, idx, stat) values('row', '${index}', '${counts}')`),
    `insert into cache.sqlite_stat1(tbl, idx, stat) values('scope_state', 'sqlite_autoindex_scope_state_1', '500 1')`,
    `analyze cache.sqlite_schema`,
  ];
}

/** The version of a layout, kept in the file's `user_version`. */
export function cacheVersion(entities: EntityMap): number {
  return versionOf(cacheSql(entities), entities);
}
