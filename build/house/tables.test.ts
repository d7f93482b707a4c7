import { describe, expect, test } from 'vitest';
import { houseOfTexts } from './house-of-texts.ts';
import { judgeTables, tablesOf } from './tables.ts';

const migration = {
  'server/db/migrations/0001-core.sql':
    'create table people (id uuid);\ncreate table if not exists replica (id uuid);\n',
};
const hole = ['$', '{1}'].join('');
const read = `export const all = () => sql\`select * from people where id = ${hole}\`;\n`;

/** The files that name a table they may not name. */
function blamed(files: Readonly<Record<string, string>>): string[] {
  return judgeTables(houseOfTexts({ ...migration, ...files })).map((finding) => finding.path);
}

describe('the owner of a table', () => {
  test('is learned from the migrations', () => {
    expect([...tablesOf(houseOfTexts(migration))]).toEqual(['people', 'replica']);
  });

  test('names it in its store, and migrations make it', () => {
    expect(blamed({ 'server/session/store.ts': read })).toEqual([]);
  });

  test.each([
    ['another slice', 'server/inbox/store.ts'],
    ['another file of the slice', 'server/session/handle.ts'],
    ['a room of the engine', 'server/replica/commit.ts'],
    ['a channel', 'server/channels/ingest.ts'],
  ])('is the only one: %s is refused', (_, path) => {
    expect(blamed({ 'server/session/store.ts': read, [path]: read })).toEqual([path]);
  });

  test('may split its store, and share with the stream what the stream counts', () => {
    const devices = 'sql`update devices set last_n = 1`;';
    const more = { 'server/db/migrations/0002-more.sql': 'create table devices (id uuid);' };
    const files = { 'server/session/token-store.ts': read, 'server/session/store.ts': devices, ...more };
    expect(blamed({ ...files, 'server/replica/commit.ts': devices })).toEqual([]);
    expect(blamed({ ...files, 'server/inbox/store.ts': devices })).toEqual(['server/inbox/store.ts']);
  });

  test('is found by joins, builders, plain strings and pieces of statements', () => {
    const store = { 'server/session/store.ts': read };
    for (const text of [
      "db.selectFrom('people as p');",
      "db.selectFrom('x').innerJoin('people', 'a', 'b');",
      "client.query('update people set name = $1');",
      "const part = ' left join people p on p.id = x.person_id';",
      'sql`delete from "people"`;',
      `client.query(\`insert into people (id) values (${hole})\`);`,
    ]) {
      expect(blamed({ ...store, 'server/inbox/store.ts': text })).toEqual(['server/inbox/store.ts']);
    }
  });

  test('is not asked about prose, columns, or tests', () => {
    const store = { 'server/session/store.ts': read };
    const text = "const a = 'Messages from people'; db.select('people.id');";
    expect(blamed({ ...store, 'server/inbox/handle.ts': text, 'server/inbox/handle.test.ts': read })).toEqual([]);
  });

  test('may be the engine, whose rooms share the tables of the stream', () => {
    const text = 'sql`select * from replica`;';
    expect(blamed({ 'server/replica/page.ts': text, 'server/socket/stream.ts': text })).toEqual([]);
    expect(blamed({ 'server/replica/page.ts': text, 'server/inbox/store.ts': text })).toEqual([
      'server/replica/page.ts',
    ]);
  });
});
