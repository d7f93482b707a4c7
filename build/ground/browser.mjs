/** A Chromium for the tests: the machine's own, else Debian's package, else the test driver's download. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aptInstall, NeedsHand } from './apt.mjs';
import { modules, ownNode, remember, run, which } from './shell.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** @returns {string | null} */
function find() {
  const asked = process.env.FAIRLEAD_CHROMIUM;
  if (asked) return asked;
  return names.map(which).find((path) => path !== null) ?? elsewhere.find((path) => existsSync(path)) ?? null;
}

const isDebian = () => existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));

/** Finds or installs the browser and notes in .cache/browser.json where it is. @returns {Promise<string>} */
export async function ensureBrowser() {
  const found = find() ?? (await obtain());
  remember('browser.json', { exe: found });
  return found;
}

/** @returns {Promise<string>} */
async function obtain() {
  // Ubuntu's package of this name is only a pointer to a snap, which no container has.
  if (isDebian()) {
    await aptInstall(['chromium'], 'a Chromium for the tests');
    const installed = which('chromium');
    if (installed) return installed;
  }
  const driver = join(modules, 'playwright-core');
  const { chromium } = await import(pathToFileURL(join(driver, 'index.mjs')).href);
  const path = chromium.executablePath();
  if (existsSync(path)) return path;
  const isHere = await run(ownNode(), [join(driver, 'cli.js'), 'install', '--with-deps', 'chromium']).then(
    () => existsSync(path),
    () => false,
  );
  if (isHere) return path;
  throw new NeedsHand(
    'The tests need Chromium or Chrome. Please install one, or name it in FAIRLEAD_CHROMIUM, and start again.',
  );
}
