/**
 * `npm run setup`: brings a machine from a fresh clone to where everything runs. Each step looks first whether it is
 * done, so a second run takes seconds. Starts on Node 20 with nothing installed.
 */
import { pathToFileURL } from 'node:url';
import { NeedsHand } from './ground/apt.mjs';
import { ensureBrowser } from './ground/browser.mjs';
import { hasDisplay } from './ground/display.mjs';
import { placeDriver, prepareDriver } from './ground/driver.mjs';
import { ensureLibraries } from './ground/libraries.mjs';
import { ensureModules } from './ground/modules.mjs';
import { ensurePostgres } from './ground/postgres.mjs';
import { chooseRuntime, obtainRuntime } from './ground/runtime.mjs';
import { remember, say, step } from './ground/shell.mjs';

/**
 * Does all set-up.
 * @param {{ forTests?: boolean }} [wish] tests also need a browser, and a display that disturbs nobody
 * @returns {Promise<import('./ground/runtime.mjs').Runtime>}
 */
export async function setup({ forTests = false } = {}) {
  await step('dependencies', ensureModules);
  const choice = await chooseRuntime();
  // The download waits for the network and the compiler for the processor: side by side. The package manager serves one
  // at a time, so what takes longest after it (the compiler's work) asks first.
  const [runtime] = await Promise.all([
    step(
      'Electron',
      () => obtainRuntime(choice),
      (got) => `${got.kind === 'fallback' ? 'stand-in ' : ''}${got.version}`,
    ),
    choice === 'fallback' ? step('SQLite driver', prepareDriver) : null,
    step('PostgreSQL', ensurePostgres),
    forTests ? step('browser for the tests', ensureBrowser) : null,
  ]);
  await step('system libraries', () => ensureLibraries(runtime.exe, forTests || !hasDisplay()));
  await step('SQLite driver in place', () => placeDriver(runtime));
  remember('runtime.json', runtime);
  return runtime;
}

/**
 * Runs a command's main function; a failure is said in one sentence, with the trace only when FAIRLEAD_TRACE is set.
 * @param {() => Promise<void>} main
 */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    const isTraced = process.env.FAIRLEAD_TRACE || !(error instanceof Error);
    say(isTraced ? String(error instanceof Error ? error.stack : error) : error.message);
    process.exitCode = error instanceof NeedsHand ? 2 : 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    const since = performance.now();
    await setup({ forTests: process.argv.includes('--tests') });
    say(`ready after ${((performance.now() - since) / 1000).toFixed(1)} s; next: npm start`);
  });
}
