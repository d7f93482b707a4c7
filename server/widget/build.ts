import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Built files as the hub serves them: by name, with what a browser needs to know. */
export type WidgetFiles = {
  /** Hash of all sources: names a build, and busts caches. */
  stamp: string;
  files: ReadonlyMap<string, WidgetFile>;
};

export type WidgetFile = { body: Buffer; type: string; gzip: Buffer | null };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENT = join(ROOT, 'server', 'widget', 'client');
/** What the browser code is made of, besides its libraries. */
const SOURCES = [
  'server/widget/client',
  'server/widget/build.ts',
  'shared/lib',
  'shared/privacy',
  'shared/wire/visitor.ts',
];
const STAMP = 'stamp.txt';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};

async function filesUnder(path: string): Promise<string[]> {
  const stat = await fs.stat(path);
  if (!stat.isDirectory()) return [path];
  const entries = await fs.readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

/** Hash of everything that decides what the built files are; null where the sources are not (a packaged hub). */
async function sourceStamp(): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    const paths = (await Promise.all(SOURCES.map((s) => filesUnder(join(ROOT, s))))).flat();
    const lock = join(ROOT, 'package-lock.json');
    for (const path of [...paths.filter((p) => !p.endsWith('.test.ts')).sort(), lock]) {
      hash.update(`${relative(ROOT, path).split(sep).join('/')}\n`).update(await fs.readFile(path));
    }
  } catch {
    return null;
  }
  return hash.digest('hex').slice(0, 16);
}

async function readStamp(dir: string): Promise<string | null> {
  return fs.readFile(join(dir, STAMP), 'utf8').catch(() => null);
}

/**
 * Builds launcher.js (one script without imports), frame.js and frame.css into `dir`. Written beside and moved into place
 * at the end, so that a hub never serves half a build.
 */
export async function buildWidget(dir: string): Promise<void> {
  const stamp = await sourceStamp();
  if (stamp === null) throw new Error('the widget cannot be built: its sources are not here');
  const { build } = await import('vite');
  const making = `${dir}.${process.pid}`;
  await fs.rm(making, { recursive: true, force: true });
  const common = { configFile: false, root: CLIENT, logLevel: 'warn', publicDir: false } as const;
  const output = { entryFileNames: '[name].js', assetFileNames: '[name][extname]' };
  for (const [name, format] of [
    ['frame', 'es'],
    ['launcher', 'iife'],
  ] as const) {
    await build({
      ...common,
      base: '/widget/',
      build: {
        outDir: making,
        emptyOutDir: false,
        target: 'es2022',
        modulePreload: false,
        assetsInlineLimit: 0,
        rolldownOptions: { input: { [name]: join(CLIENT, `${name}.ts`) }, output: { ...output, format } },
      },
    });
  }
  await fs.writeFile(join(making, STAMP), stamp);
  await fs.rm(dir, { recursive: true, force: true });
  await fs.rename(making, dir);
}

async function load(dir: string, stamp: string): Promise<WidgetFiles> {
  const files = new Map<string, WidgetFile>();
  for (const name of await fs.readdir(dir)) {
    const type = TYPES[name.slice(name.lastIndexOf('.'))];
    if (!type) continue;
    const body = await fs.readFile(join(dir, name));
    files.set(name, { body, type, gzip: type.startsWith('text/') ? gzipSync(body, { level: 9 }) : null });
  }
  return { stamp, files };
}

/**
 * The widget's files: those of a release (`out/widget`) when they are of these sources, or there are no sources; else
 * those of `.cache/widget`, built first when they are missing or older.
 */
export async function widgetFiles(): Promise<WidgetFiles> {
  const stamp = await sourceStamp();
  const release = resolve(ROOT, 'out', 'widget');
  const released = await readStamp(release);
  if (released !== null && (stamp === null || stamp === released)) return load(release, released);
  const cache = resolve(ROOT, '.cache', 'widget');
  if ((await readStamp(cache)) !== stamp) await buildWidget(cache);
  return load(cache, stamp ?? '');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildWidget(resolve(ROOT, 'out', 'widget'));
}
