import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { unpackedFolder } from '#build/ground/bundle.mjs';
import { launchPackaged } from '#tests/support/desk.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fuses-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

test('the packaged desk does not become a Node that runs whatever it is given', async () => {
  const proof = join(dir, 'ran');
  const script = `require('fs').writeFileSync(${JSON.stringify(proof)}, 'ran')`;
  const preloaded = join(dir, 'preloaded.cjs');
  writeFileSync(preloaded, script);
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  // The control: the runtime as it comes does run it.
  const { exe } = z.parse(z.object({ exe: z.string() }), JSON.parse(readFileSync('.cache/runtime.json', 'utf8')));
  spawnSync(exe, ['-e', script], { env: { ...process.env, ...env }, timeout: 10_000 });
  expect(existsSync(proof)).toBe(true);
  rmSync(proof);

  const desk = await launchPackaged({
    env: { ...env, NODE_OPTIONS: `--require ${preloaded}` },
    args: ['--inspect=0', '-e', script],
  });
  expect(await desk.page.evaluate(() => location.origin)).toBe('app://bundle');
  expect(desk.output()).not.toContain('Debugger listening');
  expect(await desk.close()).toBe(0);
  expect(existsSync(proof)).toBe(false);
});

test('every fuse of the packaged desk is set as we ship it', async () => {
  const wire = await getCurrentFuseWire(join(unpackedFolder(), 'fairlead'));
  const isOn = (fuse: FuseV1Options): boolean => Number(wire[fuse]) === '1'.charCodeAt(0);
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    fileRights: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    cookieEncryption: true,
    nodeOptions: false,
    inspect: false,
    asarIntegrity: true,
    onlyAsar: true,
    fileRights: false,
  });
});

test('the package holds our bundles and the two native modules, and nothing else', () => {
  const resources = join(unpackedFolder(), 'resources');
  const archive = join(resources, 'app.asar');
  const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  const roots = new Set(files.map((file) => /^\/(node_modules\/(?:@[^/]+\/)?[^/]+|[^/]+)/.exec(file)?.[1] ?? file));
  const known = /^(node_modules|out|package\.json|node_modules\/(@node-rs|@node-rs\/argon2[a-z0-9-]*|better-sqlite3))$/;
  expect([...roots].filter((root) => !known.test(root))).toEqual([]);
  expect(files.filter((file) => /\.(map|ts|tsx|c|cpp|h)$/.test(file))).toEqual([]);
  expect(existsSync(join(resources, 'default_app.asar'))).toBe(false);
});

test('the core asks for nothing of Electron', () => {
  const archive = join(unpackedFolder(), 'resources', 'app.asar');
  const seen = new Set<string>();
  const read = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = extractFile(archive, join('out', 'main', file)).toString('utf8');
    expect(text).not.toMatch(/from\s*["']electron["']|require\(["']electron["']\)|import\s*["']electron["']/);
    for (const [, next] of text.matchAll(/["']\.\/([\w./-]+\.js)["']/g)) read(join(dirname(file), next ?? ''));
  };
  read('core.js');
  expect(seen.size).toBeGreaterThan(0);
});
