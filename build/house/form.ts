/** The form of single files: length, names, exports, types, the clock, marks of unfinished work. */
import ts from 'typescript';
import { type Finding, floors, type House, isTest, lineOf, type Module, visit } from './tree.ts';

const maxLines = 300;
const measured = /\.(ts|tsx|mjs|js|css|html|sql)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/;
const kebabFolder = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const emptyWords = new Set(['manager', 'helper', 'util', 'service', 'common']);
const toolConfig = /^[a-z.-]+\.config\.(ts|mjs)$/;
const clockHome = 'shared/lib/time.ts';
const timers = new Set(['setTimeout', 'setInterval']);
/** Written in two halves, or this list would find itself. */
const marks =
  'TO·DO FIX·ME XX·X @ts-·ignore @ts-·expect-error @ts-·nocheck biome-·ignore eslint-·disable oxlint-·disable'
    .replaceAll('·', '')
    .split(' ');

function at(module: Module, node: ts.Node, law: string, text: string): Finding {
  return { law, path: module.path, line: lineOf(module.source, node), text };
}

/** Files that are too long. Generated ones say so in their name (`x.generated.ts`) and are left alone. */
export function judgeLength(house: House): Finding[] {
  return house.files
    .filter((path) => measured.test(path) && !path.includes('.generated.'))
    .flatMap((path) => {
      const lines = house.read(path).replace(/\n$/, '').split('\n').length;
      if (lines <= maxLines) return [];
      return [{ law: 'length', path, line: maxLines + 1, text: `${lines} lines; a file has at most ${maxLines}` }];
    });
}

/** Words of a name in any spelling: `theName`, `the-name`, `THE_NAME`. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.]/)
    .map((word) => word.replace(/s$/, ''));

const emptyWordIn = (name: string): string | undefined => wordsOf(name).find((word) => emptyWords.has(word));

/** File and folder names: kebab-case, and none of the words that say nothing. */
export function judgeNames(house: House): Finding[] {
  return house.files.flatMap((path) => {
    const parts = path.split('/');
    const file = parts.pop() ?? '';
    const isOdd = (file !== 'README.md' && !kebab.test(file)) || !parts.every((part) => kebabFolder.test(part));
    const empty = [...parts, file].map(emptyWordIn).find((word) => word !== undefined);
    return [
      ...(isOdd ? [{ law: 'names', path, line: 1, text: 'files and folders are named in kebab-case' }] : []),
      ...(empty ? [{ law: 'names', path, line: 1, text: `"${empty}" says nothing; name what it does` }] : []),
    ];
  });
}

/** All laws on the text of one module. */
export function judgeForm(house: House): Finding[] {
  return [...house.modules.values()].flatMap((module) => [
    ...nodeFindings(module),
    ...barrelFindings(module),
    ...markFindings(module),
  ]);
}

function nodeFindings(module: Module): Finding[] {
  const found: Finding[] = [];
  const say = (node: ts.Node, law: string, text: string): void => void found.push(at(module, node, law, text));
  const mayDefault = toolConfig.test(module.path);
  const isClocked = needsClock(module.path);
  visit(module.source, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) say(node, 'any', 'no any: unknown and a parser');
    if (!mayDefault && isDefaultExport(node)) say(node, 'default-export', 'exports have names');
    if (ts.isExportDeclaration(node) && !node.exportClause)
      say(node, 'barrel', 'export * hides where a name comes from');
    const name = declaredName(node);
    const empty = name ? emptyWordIn(name.text) : undefined;
    if (name && empty) say(name, 'names', `"${empty}" in ${name.text} says nothing; name what it does`);
    if (isClocked && isRawClock(node)) say(node, 'clock', `the only clock is ${clockHome}, passed in`);
    if (isDeskDoor(node) && !module.path.startsWith('renderer/bridge/') && !isTest(module.path)) {
      say(node, 'imports', 'window.desk is opened by renderer/bridge alone');
    }
  });
  return found;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** The name a class, function, interface, type or a variable of the module is declared with. */
function declaredName(node: ts.Node): ts.Identifier | null {
  const isDeclared =
    ts.isClassDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent));
  return isDeclared && node.name && ts.isIdentifier(node.name) ? node.name : null;
}

/** Logic takes its time from outside; screens, tests and the scripts that build do not decide anything by it. */
function needsClock(path: string): boolean {
  const isLogic = path.startsWith('shared/') || path.startsWith('electron/') || path.startsWith('server/');
  return isLogic && path !== clockHome && !isTest(path) && !/^server\/widget\/(client|page|frame)\//.test(path);
}

function isRawClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) {
    return ts.isIdentifier(node.expression) && node.expression.text === 'Date' && !node.arguments?.length;
  }
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return /^(node:)?timers(\/promises)?$/.test(node.moduleSpecifier.text);
  }
  if (ts.isPropertyAccessExpression(node)) {
    const on = ts.isIdentifier(node.expression) ? node.expression.text : '';
    return (on === 'Date' && node.name.text === 'now') || (on === 'globalThis' && timers.has(node.name.text));
  }
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && timers.has(node.expression.text);
}

function isDeskDoor(node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'desk' &&
    ts.isIdentifier(node.expression) &&
    ['window', 'globalThis'].includes(node.expression.text)
  );
}

/** A file that does nothing but hand on what others export. */
function barrelFindings(module: Module): Finding[] {
  const { statements } = module.source;
  const handsOn = (statement: ts.Statement): boolean => ts.isExportDeclaration(statement);
  const isBarrel =
    statements.some(handsOn) &&
    statements.every((s) => handsOn(s) || ts.isImportDeclaration(s)) &&
    !module.path.endsWith('.d.ts');
  return isBarrel
    ? [{ law: 'barrel', path: module.path, line: 1, text: 'a barrel: import from where it is made' }]
    : [];
}

function markFindings(module: Module): Finding[] {
  if (!floors.some((floor) => module.path.startsWith(`${floor}/`))) return [];
  return module.text.split('\n').flatMap((line, index) => {
    const comment = /(\/\/|\/\*|^\s*\*).*/.exec(line)?.[0];
    const mark = comment && marks.find((word) => new RegExp(`(^|\\W)${word}(\\W|$)`).test(comment));
    return mark ? [{ law: 'marks', path: module.path, line: index + 1, text: `${mark} has no place here` }] : [];
  });
}
