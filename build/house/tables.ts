/** Who may name a table of the hub's database: one room only, and in a slice only its store.ts. */
import ts from 'typescript';
import { sliceOf } from './rooms.ts';
import { type Finding, type House, isTest, lineOf, type Module, visit } from './tree.ts';

const created = /create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?(?:\w+"?\.)?"?(\w+)"?/gi;
const used = /\b(?:from|join|into|update|table|truncate|using)\s+(?:only\s+)?"?(\w+)"?/gi;
const builders = new Set(
  (
    'selectFrom insertInto replaceInto updateTable deleteFrom mergeInto using from table ' +
    'innerJoin leftJoin rightJoin fullJoin crossJoin innerJoinLateral leftJoinLateral'
  ).split(' '),
);

/** Tables of the session that the stream cannot do without: the commit moves the head and counts the device's commands. */
const alsoEngine = new Set(['org_heads', 'devices']);

interface Use {
  readonly module: Module;
  readonly table: string;
  readonly line: number;
}

const isMigration = (path: string): boolean => /^server\/.*migrations(\/[^/]+\.sql|\.ts)$/.test(path);
const isSchema = (path: string): boolean => /^server\/db\/schema(\/|\.|-)/.test(path);
/** How a statement or a piece of one begins; prose that happens to say "from orders" does not. */
const sqlStart =
  /^\s*(select|insert|update|delete|with|merge|truncate|lock|from|(left|inner|cross)?\s*join|and|where|union)\b/i;

/** The tables that the migrations make, by name. */
export function tablesOf(house: House): ReadonlySet<string> {
  const texts = house.files.filter((path) => isMigration(path) && !isTest(path)).map((path) => house.read(path));
  return new Set(texts.flatMap((text) => [...text.matchAll(created)].map((match) => (match[1] ?? '').toLowerCase())));
}

/** Every table named outside its store, and every table that two rooms name. */
export function judgeTables(house: House): Finding[] {
  const tables = tablesOf(house);
  const uses = [...house.modules.values()].filter(isJudged).flatMap((module) => usesIn(module, tables));
  const owners = new Map<string, string>();
  // A store's claim goes before everyone else's.
  for (const isStore of [true, false]) {
    for (const use of uses) {
      const isGuest = alsoEngine.has(use.table) && roomOf(use.module.path) === engineRoom;
      if (isOwnStore(use.module.path) === isStore && !isGuest && !owners.has(use.table)) {
        owners.set(use.table, roomOf(use.module.path));
      }
    }
  }
  return uses.flatMap(({ module, table, line }) => {
    const owner = owners.get(table);
    const finding = (text: string): Finding[] => [{ law: 'tables', path: module.path, line, text }];
    if (alsoEngine.has(table) && roomOf(module.path) === engineRoom) return [];
    if (owner !== roomOf(module.path)) return finding(`${table} belongs to ${owner}; ask through its door`);
    if (sliceOf(module.path) && !isOwnStore(module.path))
      return finding(`${table} is named only in the slice's store.ts`);
    return [];
  });
}

function isJudged(module: Module): boolean {
  const { path } = module;
  return path.startsWith('server/') && !isTest(path) && !isMigration(path) && !isSchema(path);
}

/** A store too long for one file has several. The audit is a slice by name and engine by nature: all its files may. */
function isOwnStore(path: string): boolean {
  const slice = sliceOf(path);
  return slice !== null && (slice === 'audit' || /^server\/[^/]+\/([a-z-]+-)?store\.ts$/.test(path));
}

/** What names it: a slice, or a room of the engine. db, replica, jobs, socket and audit keep the stream together. */
const engine = new Set(['db', 'replica', 'jobs', 'socket', 'audit']);
const engineRoom = 'server/{db,replica,jobs,socket,audit}';
function roomOf(path: string): string {
  const name = path.split('/')[1] ?? '';
  return engine.has(name) ? engineRoom : `server/${name}`;
}

function usesIn(module: Module, tables: ReadonlySet<string>): Use[] {
  const uses: Use[] = [];
  const add = (node: ts.Node, name: string): void => {
    const table = name.toLowerCase();
    if (tables.has(table)) uses.push({ module, table, line: lineOf(module.source, node) });
  };
  visit(module.source, (node) => {
    if (ts.isCallExpression(node)) {
      for (const literal of builderTables(node)) add(literal, literal.text.split(/\s/)[0] ?? '');
    }
    const text = sqlText(node);
    if (text) for (const match of text.matchAll(used)) add(node, match[1] ?? '');
  });
  return uses;
}

/** The string arguments by which a query builder is told its tables. */
function builderTables(call: ts.CallExpression): ts.StringLiteralLike[] {
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : '';
  const first = call.arguments[0];
  if (!builders.has(name) || !first) return [];
  const items = ts.isArrayLiteralExpression(first) ? [...first.elements] : [first];
  return items.filter((item) => ts.isStringLiteralLike(item));
}

/** The text of a string or a template that is SQL; what is put into a template reads as a space. */
function sqlText(node: ts.Node): string | null {
  const isTagged = ts.isTaggedTemplateExpression(node.parent ?? node) && node.parent.getText().startsWith('sql');
  const text = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' ')
    : ts.isStringLiteralLike(node)
      ? node.text
      : null;
  return text !== null && (isTagged || sqlStart.test(text)) ? text : null;
}
