import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { judge, judgeSight } from './check-house.ts';
import { readHouse } from './house/tree.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const aliases = {
  '#shared/*': './shared/*',
  '#core/*': './electron/core/*',
  '#main/*': './electron/main/*',
  '#renderer/*': './renderer/*',
  '#server/*': './server/*',
  '#tests/*': './tests/*',
  '#build/*': './build/*',
};

/** A house of these files in a folder of its own. */
function houseOf(files: Readonly<Record<string, string>>): ReturnType<typeof readHouse> {
  const root = mkdtempSync(join(tmpdir(), 'house-'));
  folders.push(root);
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify({ imports: aliases }), ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return readHouse(root);
}

/** What is wrong with these files, as `law path` each. */
function breaches(files: Readonly<Record<string, string>>): string[] {
  return judge(houseOf(files)).map(({ law, path }) => `${law} ${path}`);
}

/** The breaches of one file that imports another (which exists) or a package. */
function importing(from: string, specifier: string, target?: string): string[] {
  return breaches({
    ...(target ? { [target]: 'export const there = 1;\n' } : {}),
    [from]: `import { there } from '${specifier}';\nexport const here = there;\n`,
  });
}

describe('the import law', () => {
  test.each([
    ['shared/lib/result.ts', 'node:fs'],
    ['shared/lib/result.ts', 'electron'],
    ['shared/refund/rules.ts', 'react'],
    ['electron/main/index.ts', 'better-sqlite3'],
    ['electron/core/inbox/reads.ts', 'electron'],
    ['electron/core/sync/merge.ts', 'node:fs'],
    ['renderer/features/inbox/store.ts', 'node:path'],
    ['renderer/features/inbox/store.ts', 'fs'],
    ['renderer/bridge/port.ts', 'electron'],
    ['server/inbox/handle.ts', 'electron'],
  ])('refuses the package in %s: %s', (from, specifier) => {
    expect(importing(from, specifier)).toEqual([`imports ${from}`]);
  });

  test.each([
    ['shared/lib/a.ts', '#shared/inbox/model.ts'],
    ['shared/inbox/rules.ts', '#shared/session/rules.ts'],
    ['shared/inbox/rules.ts', '#shared/session/commands.ts'],
    ['electron/main/index.ts', '#core/serve.ts'],
    ['electron/main/index.ts', '#renderer/app/mount.tsx'],
    ['electron/main/index.ts', '#shared/wire/messages.ts'],
    ['electron/preload/index.ts', '#main/index.ts'],
    ['electron/core/inbox/reads.ts', '#core/session/reads.ts'],
    ['electron/core/inbox/reads.ts', '#core/sync/pull.ts'],
    ['electron/core/sync/pull.ts', '#core/inbox/reads.ts'],
    ['electron/core/sync/merge.ts', '#core/db/driver.ts'],
    ['electron/core/sync/connection.ts', '#core/db/driver.ts'],
    ['renderer/features/inbox/store.ts', '#renderer/features/session/store.ts'],
    ['renderer/features/inbox/store.ts', '#renderer/app/shell.tsx'],
    ['renderer/ui/button.tsx', '#shared/inbox/model.ts'],
    ['renderer/bridge/port.ts', '#renderer/features/inbox/store.ts'],
    ['server/inbox/handle.ts', '#server/session/store.ts'],
    ['server/inbox/handle.ts', '#server/socket/gateway.ts'],
    ['server/channels/ingest.ts', '#server/socket/gateway.ts'],
    ['server/channels/ingest.ts', '#server/inbox/store.ts'],
    ['server/db/open.ts', '#server/inbox/handle.ts'],
    ['server/index.ts', '#core/serve.ts'],
    ['shared/lib/a.ts', '#tests/support/b.ts'],
    ['build/check.ts', '#server/index.ts'],
  ])('refuses %s importing %s', (from, specifier) => {
    const target = specifier.replace(/^#(core|main)\//, 'electron/$1/').replace(/^#/, '');
    expect(importing(from, specifier, target)).toEqual([`imports ${from}`]);
  });

  test.each([
    ['shared/inbox/rules.ts', '#shared/session/model.ts'],
    ['shared/inbox/rules.ts', '../lib/result.ts'],
    ['electron/main/index.ts', '#shared/session/model.ts'],
    ['electron/core/sync/pull.ts', '#core/inbox/rows.ts'],
    ['electron/core/inbox/reads.ts', '#core/db/driver.ts'],
    ['renderer/features/inbox/components/list.tsx', '#renderer/ui/button.tsx'],
    ['renderer/features/inbox/components/list.tsx', '../store.ts'],
    ['renderer/app/shell.tsx', '#renderer/features/inbox/store.ts'],
    ['server/inbox/handle.ts', '#server/session/handle.ts'],
    ['server/inbox/store.ts', '#server/db/tx.ts'],
    ['server/inbox/handle.test.ts', '#tests/support/postgres.ts'],
    ['tests/integration/a.test.ts', '#server/inbox/store.ts'],
  ])('lets %s import %s', (from, specifier) => {
    const base = dirname(from);
    const target = specifier.startsWith('#')
      ? specifier.replace(/^#(core|main)\//, 'electron/$1/').replace(/^#/, '')
      : join(base, specifier);
    expect(importing(from, specifier, target)).toEqual([]);
  });

  test('sees dynamic imports, re-exports and import types as imports', () => {
    const files = {
      'server/session/store.ts': 'export type Row = 1;\n',
      'server/inbox/a.ts': "export const load = () => import('#server/session/store.ts');\n",
      'server/inbox/b.ts': "export const x = 1;\nexport { type Row } from '#server/session/store.ts';\n",
      'server/inbox/c.ts': "export type Row = import('#server/session/store.ts').Row;\n",
    };
    expect(breaches(files)).toEqual([
      'imports server/inbox/a.ts',
      'imports server/inbox/b.ts',
      'imports server/inbox/c.ts',
    ]);
  });

  test('refuses climbing out of a room by dots', () => {
    expect(importing('renderer/features/inbox/a.ts', '../../ui/b.ts', 'renderer/ui/b.ts')).toEqual([
      'imports renderer/features/inbox/a.ts',
    ]);
  });

  test('refuses an import that names no file, as one without its ending does', () => {
    expect(importing('shared/lib/a.ts', './b', 'shared/lib/b.ts')).toEqual(['imports shared/lib/a.ts']);
  });

  test('refuses window.desk outside the bridge', () => {
    const text = 'export const door = () => window.desk;\n';
    expect(breaches({ 'renderer/bridge/a.ts': text, 'renderer/features/inbox/a.ts': text })).toEqual([
      'imports renderer/features/inbox/a.ts',
    ]);
  });
});

describe('rooms', () => {
  test('refuses a slice nobody has given a reason for, on every floor', () => {
    const paths = [
      'electron/core/loyalty/rows.ts',
      'renderer/features/loyalty/store.ts',
      'server/loyalty/handle.ts',
      'shared/loyalty/model.ts',
    ];
    const files = Object.fromEntries(paths.map((path) => [path, 'export const a = 1;\n']));
    expect(breaches(files)).toEqual(paths.map((path) => `rooms ${path}`));
  });

  test('lets a room of its own stand on the hub when it explains itself', () => {
    expect(breaches({ 'server/demo/a.ts': 'export const a = 1;\n', 'server/demo/README.md': '# Demo\n' })).toEqual([]);
  });

  test('keeps a room of its own away from the stores of slices', () => {
    const files = { 'server/demo/README.md': '# Demo\n', 'server/inbox/store.ts': 'export const there = 1;\n' };
    const text = "import { there } from '#server/inbox/store.ts';\nexport const here = there;\n";
    expect(breaches({ ...files, 'server/demo/a.ts': text })).toEqual(['imports server/demo/a.ts']);
  });

  test('asks a room of weight for a README, and any README to be short', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const room = Object.fromEntries(names.map((name) => [`server/inbox/${name}.ts`, 'export const a = 1;\n']));
    expect(breaches(room)).toEqual(['readmes server/inbox']);
    expect(breaches({ ...room, 'server/inbox/README.md': 'line\n'.repeat(40) })).toEqual([]);
    expect(breaches({ ...room, 'server/inbox/README.md': 'line\n'.repeat(41) })).toEqual([
      'readmes server/inbox/README.md',
    ]);
  });
});

describe('cycles', () => {
  test('names a ring of files once', () => {
    const link = (to: string): string => `import { x } from './${to}.ts';\nexport const y = x;\n`;
    const files = { 'shared/lib/a.ts': link('b'), 'shared/lib/b.ts': link('c'), 'shared/lib/c.ts': link('a') };
    expect(breaches(files)).toEqual(['cycles shared/lib/a.ts']);
  });

  test('refuses slices that import one another by different files', () => {
    const link = (to: string): string => `import type { X } from '#server/${to}/handle.ts';\nexport type Y = X;\n`;
    const files = {
      'server/inbox/handle.ts': 'export type X = 1;\n',
      'server/inbox/routes.ts': link('order'),
      'server/order/handle.ts': 'export type X = 1;\n',
      'server/order/routes.ts': link('inbox'),
    };
    expect(breaches(files)).toEqual(['cycles server/inbox']);
  });
});

describe('the sight of the checker', () => {
  const minimum = { modules: 3, imports: 1, commands: 1, tables: 1 };

  test('fails when it sees less than there must be', () => {
    const seen = judgeSight(houseOf({ 'shared/lib/a.ts': 'export const a = 1;\n' }), minimum);
    expect(seen.map((finding) => finding.text)).toEqual([
      'saw only 1 modules; there are at least 3',
      'saw only 0 imports; there are at least 1',
      'saw only 0 commands; there are at least 1',
      'saw only 0 tables; there are at least 1',
      ...['electron', 'renderer', 'server', 'build', 'tests'].map((floor) => `saw no module in ${floor}/`),
    ]);
  });

  test('is content when everything is there', () => {
    const files = ['electron/main/a.ts', 'renderer/app/a.ts', 'server/inbox/a.ts', 'build/a.ts', 'tests/a.ts'];
    const house = houseOf({
      ...Object.fromEntries(files.map((path) => [path, "import '#shared/inbox/commands.ts';\n"])),
      'shared/inbox/commands.ts': 'export const take = 1;\n',
      'shared/registry.ts': 'const list = [inboxCommands.take];\n',
      'server/db/migrations/0001-core.sql': 'create table people (id uuid);\n',
    });
    expect(judgeSight(house, minimum)).toEqual([]);
  });
});
