/** Judges every import by the law of its room; also cycles between files and between slices. */
import { builtinModules } from 'node:module';
import { lawFor, matches, sliceOf } from './rooms.ts';
import { type Finding, type House, type Import, isModule, isTest, type Module } from './tree.ts';

const testPackages = ['vitest', 'fast-check', '@testing-library', 'axe-core', 'jsdom', 'node:', 'react'];
const builtins = new Set(builtinModules);

/** `fs` and `node:fs` are one; a package matches by its name or a folder of it. */
function isPackage(name: string, specifier: string): boolean {
  const full = builtins.has(specifier) ? `node:${specifier}` : specifier;
  if (name.endsWith(':')) return full.startsWith(name);
  return full === name || full.startsWith(`${name}/`);
}

/** Every import that its room's law does not allow, that climbs, lacks its ending, or names nothing. */
export function judgeImports(house: House): Finding[] {
  const known = new Set(house.files);
  const readmes = new Set(house.files.filter((path) => path.endsWith('/README.md')));
  return [...house.modules.values()].flatMap((module) => [
    ...roomFindings(module, readmes),
    ...module.imports.flatMap((one) => [...shapeFindings(module, one, known), ...lawFindings(module, one)]),
  ]);
}

function finding(module: Module, line: number, law: string, text: string): Finding {
  return { law, path: module.path, line, text };
}

function roomFindings(module: Module, readmes: ReadonlySet<string>): Finding[] {
  if (!module.path.includes('/')) return [];
  const bound = lawFor(module.path);
  if (!bound) return [finding(module, 1, 'rooms', 'no room or slice of this name belongs on this floor')];
  if (!bound.isGuest) return [];
  const depth = bound.law.room.split('/').length;
  const room = module.path.split('/').slice(0, depth).join('/');
  if (readmes.has(`${room}/README.md`)) return [];
  return [finding(module, 1, 'rooms', `${room} is no slice; a room of its own must explain itself in a README`)];
}

function shapeFindings(module: Module, one: Import, known: ReadonlySet<string>): Finding[] {
  if (one.file === null) return [];
  if (one.specifier.startsWith('../../') && isModule(one.file)) {
    return [finding(module, one.line, 'imports', `"${one.specifier}" climbs; across rooms import by #room/...`)];
  }
  if (known.has(one.file) || !/^(shared|electron|renderer|server|build|tests)\//.test(one.file)) return [];
  return [finding(module, one.line, 'imports', `"${one.specifier}" names no file (the ending belongs to the name)`)];
}

function lawFindings(module: Module, one: Import): Finding[] {
  const bound = module.path.includes('/') ? lawFor(module.path) : null;
  if (!bound) return [];
  const { law, own } = bound;
  const isTestFile = isTest(module.path);
  if (one.file === null) {
    const isRefused =
      (law.only && !law.only.some((name) => isPackage(name, one.specifier))) ||
      law.never?.some((name) => isPackage(name, one.specifier));
    if (!isRefused || (isTestFile && testPackages.some((name) => isPackage(name, one.specifier)))) return [];
    return [finding(module, one.line, 'imports', `${law.room} may not use the package "${one.specifier}"`)];
  }
  const { file } = one;
  const isAllowed =
    law.may.some((pattern) => matches(pattern, file, own)) || (isTestFile && /^(tests|shared)\//.test(file));
  if (isAllowed || !file.includes('/')) return [];
  return [finding(module, one.line, 'imports', `${law.room} may not import ${file}`)];
}

/** Files that import one another in a ring, each ring named once by its shortest path. */
export function judgeCycles(house: House): Finding[] {
  const edges = new Map<string, string[]>();
  for (const module of house.modules.values()) {
    edges.set(
      module.path,
      module.imports.flatMap((one) => (one.file && house.modules.has(one.file) ? [one.file] : [])),
    );
  }
  return rings(edges).map((ring) => ({
    law: 'cycles',
    path: ring[0] ?? '',
    line: 1,
    text: `files import one another: ${[...ring, ring[0]].join(' -> ')}`,
  }));
}

/** Slices of one floor that import one another in a ring, even by different files. */
export function judgeSliceCycles(house: House): Finding[] {
  const edges = new Map<string, Set<string>>();
  for (const module of house.modules.values()) {
    if (isTest(module.path)) continue;
    const floor = module.path.split('/')[0] ?? '';
    const from = sliceOf(module.path);
    for (const one of module.imports) {
      const to = one.file?.startsWith(`${floor}/`) ? sliceOf(one.file) : null;
      if (!from || !to || from === to) continue;
      const key = `${floor}/${from}`;
      edges.set(key, (edges.get(key) ?? new Set()).add(`${floor}/${to}`));
    }
  }
  const plain = new Map([...edges].map(([from, to]) => [from, [...to]]));
  return rings(plain).map((ring) => ({
    law: 'cycles',
    path: ring[0] ?? '',
    line: 1,
    text: `slices import one another: ${[...ring, ring[0]].join(' -> ')}`,
  }));
}

/** One shortest ring per group of nodes that reach one another (Tarjan's groups, then a search inside each). */
function rings(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const walk = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) walk(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || (edges.get(node) ?? []).includes(node)) groups.push(group);
  };
  for (const node of edges.keys()) if (!index.has(node)) walk(node);
  return groups.map((group) => shortestRing(group, edges));
}

function shortestRing(group: readonly string[], edges: ReadonlyMap<string, readonly string[]>): string[] {
  const start = [...group].sort()[0] ?? '';
  const inside = new Set(group);
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (let path = paths.shift(); path; path = paths.shift()) {
    for (const next of edges.get(path.at(-1) ?? '') ?? []) {
      if (next === start) return path;
      if (!inside.has(next) || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return [...group];
}
