import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '#tests/support/postgres-server.ts';
import { packageName, prepareBinaries } from './binaries.ts';
import { preparePlace } from './place.ts';
import { blockedAt, canUse, databaseOwner, ownerOf } from './reach.ts';

let dir: string;
let closed: string;
const stranger = { uid: 65_534, gid: 65_534 };

beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'fairlead-reach-'));
  await fs.chmod(dir, 0o755);
  closed = join(dir, 'closed');
  await fs.mkdir(closed, { mode: 0o700 });
});
afterAll(() => fs.rm(dir, { recursive: true, force: true }));

test('names the folder that keeps the database user out', async () => {
  expect(await blockedAt(stranger, join(closed, 'a/b/db'))).toBe(closed);
  expect(await blockedAt(stranger, join(dir, 'open/db'))).toBeNull();
  expect(await blockedAt(null, join(closed, 'db'))).toBeNull();
});

test('a data folder the database user could not reach is refused before anything is made', async () => {
  const answer = await preparePlace(join(closed, 'db'), 'socket', stranger);
  expect(answer).toMatchObject({ ok: false, error: { code: 'database/data-unreachable' } });
  expect(answer.ok ? '' : answer.error.params?.why).toContain(closed);
  expect(await fs.readdir(closed)).toEqual([]);
});

test('a folder that is there already is taken while it is empty, and made private', async () => {
  const volume = join(dir, 'volume');
  await fs.mkdir(volume, { mode: 0o755 });
  must(await preparePlace(volume, 'socket', databaseOwner()));
  const found = await fs.stat(volume);
  expect([found.uid, found.mode & 0o777]).toEqual([databaseOwner()?.uid ?? process.getuid?.(), 0o700]);
  expect(await ownerOf(volume)).toEqual(databaseOwner());
});

test("a folder with someone else's things in it is refused and left alone", async () => {
  const theirs = join(dir, 'theirs');
  await fs.mkdir(theirs, { mode: 0o755 });
  await fs.writeFile(join(theirs, 'letter.txt'), 'dear');
  expect(await preparePlace(theirs, 'socket', stranger)).toMatchObject({
    ok: false,
    error: { code: 'database/data-not-ours' },
  });
  const found = await fs.stat(theirs);
  expect([found.uid, found.mode & 0o777]).toEqual([process.getuid?.(), 0o755]);
});

test('programs in a package that cannot be used where it is are copied, linked and readable, once', async () => {
  const real = resolve(dirname(createRequire(import.meta.url).resolve(packageName())), '..');
  const root = join(closed, 'package');
  await fs.mkdir(join(root, 'native'), { recursive: true });
  for (const name of ['package.json', 'native/pg-symlinks.json']) await fs.cp(join(real, name), join(root, name));
  for (const name of ['bin', 'lib', 'share']) {
    await fs.cp(join(real, 'native', name), join(root, 'native', name), {
      recursive: true,
      filter: async (path) => !path.endsWith('.a') && !(await fs.lstat(path)).isSymbolicLink(),
    });
  }
  // Whoever runs this test: root is kept out by the private folder, another user by the missing right to write.
  if (databaseOwner() === null) await fs.chmod(join(root, 'native/lib'), 0o555);
  const cache = join(dir, 'cache');
  const found = must(await prepareBinaries(root, cache, databaseOwner()));
  expect(found.root.startsWith(cache)).toBe(true);
  expect(found.major).toBe(18);
  expect(await canUse(databaseOwner(), found.initdb)).toBe(true);
  const links = (await fs.readdir(found.libraries, { withFileTypes: true })).filter((e) => e.isSymbolicLink());
  expect(links.length).toBeGreaterThan(0);
  const made = (await fs.stat(found.root)).ino;
  expect((await fs.stat(must(await prepareBinaries(root, cache, databaseOwner())).root)).ino).toBe(made);
  expect(await fs.readdir(cache)).toHaveLength(1);
});
