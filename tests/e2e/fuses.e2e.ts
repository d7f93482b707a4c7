import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
