/**
 * `npm test`: sets up, checks, tests, builds, packages, and tests the result in real Electron and a real browser. Every
 * part runs even when one before it failed; the last line is the sum, and each part of the check counts as one test.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBundle, ensurePackage } from './ground/bundle.mjs';
import {
  capture,
  innerEnv,
  modules,
  ownNode,
  readJson,
  root,
  run,
  say,
  stateDir,
  step,
  tool,
  userCache,
} from './ground/shell.mjs';
import { sumOf } from './ground/sum.mjs';
import { command, setup } from './setup.mjs';

const since = performance.now();
let passed = 0;
let failed = 0;

/** One part of the run that passes or fails as a whole. @param {string} name @param {() => Promise<unknown>} work */
async function part(name, work) {
  try {
    await step(name, work);
    passed += 1;
  } catch (error) {
    say(`${name} FAILED: ${error instanceof Error ? error.message : String(error)}`);
    failed += 1;
  }
}

/** Runs one of the test projects and adds up what it reports. @param {string} name @param {string} project */
async function tests(name, project) {
  const report = join(stateDir, `${name}.json`);
  rmSync(report, { force: true });
  const [node, script] = tool('vitest');
  const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...innerEnv(), FAIRLEAD_ALLOW_STAND_IN: '1' };
  const problem = await step(`${name} tests`, () =>
    run(node, [script, 'run', '--project', project, ...output], { env }).then(
      () => '',
      (/** @type {Error} */ error) => error.message,
    ),
  );
  const sum = sumOf(() => readJson(report), problem !== '');
  for (const line of sum.remarks) say(`${name}: ${line}`);
  passed += sum.passed;
  failed += sum.failed;
}

/** How much room everything takes, for the report. */
function diskUsed() {
  const places = [modules, stateDir, join(root, 'out'), join(root, 'release'), userCache];
  const sizes = capture('du', ['-sm', ...places])
    .out.trim()
    .split('\n');
  return sizes.map((line) => line.replace(/^(\d+)\s+(.*)$/, '$2 $1 MB').replace(`${root}/`, '')).join(', ');
}

await command(async () => {
  process.env.FAIRLEAD_ALLOW_STAND_IN = '1';
  try {
    await part('set-up', () => setup({ forTests: true }).then(() => ''));
    if (failed > 0) return;
    for (const name of ['house', 'types', 'lint', 'format', 'dead code']) {
      await part(`check of ${name}`, () => run(ownNode(), [join(root, 'build', 'check.ts'), name]));
    }
    await tests('unit', 'unit');
    await tests('screen', 'dom');
    await tests('integration', 'integration');
    await part('bundles', ensureBundle);
    await part('package', () => ensurePackage(['--dir']));
    await tests('end-to-end', 'e2e');
    say(`${((performance.now() - since) / 1000).toFixed(0)} s in all; disk: ${diskUsed()}`);
  } finally {
    if (failed > 0) process.exitCode = 1;
    console.log(`${passed} passed, ${failed} failed`);
  }
});
