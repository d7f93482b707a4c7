/** The project as the house check sees it: every module parsed, every import resolved to a file or a package. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import ts from 'typescript';

/** One import, re-export or dynamic import of a module. */
export interface Import {
  readonly specifier: string;
  /** path of the file from the project's root; null for a package or a built-in */
  readonly file: string | null;
  readonly line: number;
}

/** A parsed source file; `path` is from the project's root, with forward slashes. */
export interface Module {
  readonly path: string;
  readonly text: string;
  readonly source: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** All that the laws are judged on. `files` are the paths of all files, modules or not. */
export interface House {
  readonly files: readonly string[];
  readonly modules: ReadonlyMap<string, Module>;
  /** the text of any of the files */
  read(path: string): string;
}

/** One breach of a law: where, which, and what to do about it. */
export interface Finding {
  readonly law: string;
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** The top folders that hold our own code. */
export const floors = ['shared', 'electron', 'renderer', 'server', 'build', 'tests'] as const;

const skipped = new Set(['node_modules', 'out', 'release']);
/** Whether a path is code, rather than a picture or a text. */
export const isModule = (path: string): boolean => /\.(ts|tsx|mjs|js)$/.test(path);

function list(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : list(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** Reads the project under `root`: the top folders of our own code and the tool configurations beside them. */
export function readHouse(root: string): House {
  const files = [
    ...floors.flatMap((floor) => list(root, floor)),
    ...readdirSync(root).filter((name) => /\.config\.(ts|mjs)$/.test(name)),
  ].map((path) => path.split(sep).join('/'));
  const aliases = readAliases(root);
  const modules = new Map<string, Module>();
  for (const path of files.filter(isModule)) {
    const text = readFileSync(join(root, path), 'utf8');
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    modules.set(path, { path, text, source, imports: importsOf(source, path, aliases) });
  }
  return { files, modules, read: (path) => modules.get(path)?.text ?? readFileSync(join(root, path), 'utf8') };
}

/** The one-based line on which a node starts. */
export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** Visits a node and everything below it. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** True for a test that stands beside what it tests, and for everything under tests/. */
export function isTest(path: string): boolean {
  return path.startsWith('tests/') || /\.(test|e2e)\.tsx?$/.test(path);
}

type Aliases = readonly (readonly [prefix: string, folder: string])[];

/** The `imports` of package.json: `#shared/*` to `shared/`, and so on. */
function readAliases(root: string): Aliases {
  const parsed: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const imports = typeof parsed === 'object' && parsed !== null && 'imports' in parsed ? parsed.imports : {};
  return Object.entries(imports ?? {}).map(([key, value]) => [
    key.replace(/\*$/, ''),
    String(value).replace(/^\.\//, '').replace(/\*$/, ''),
  ]);
}

function importsOf(source: ts.SourceFile, path: string, aliases: Aliases): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    found.push({ specifier: node.text, file: resolve(path, node.text, aliases), line: lineOf(source, node) });
  };
  visit(source, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
  });
  return found;
}

/** The file a specifier names, from the root; null when it names a package. Bundler suffixes such as ?raw are cut off. */
function resolve(from: string, specifier: string, aliases: Aliases): string | null {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('.')) return posix.normalize(posix.join(dirname(from), bare));
  const alias = aliases.find(([prefix]) => bare.startsWith(prefix));
  return alias ? alias[1] + bare.slice(alias[0].length) : null;
}
