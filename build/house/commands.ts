/** Every command declares what the protocol relies on, is named after its slice, and is gathered in the registry. */
import ts from 'typescript';
import { type Finding, type House, lineOf, type Module } from './tree.ts';

const declared = ['kind', 'args', 'permission', 'subjects', 'onStale', 'mayFollowRefused', 'check', 'effect'];
const staleAnswers = ['append', 'merge', 'ask', 'refuse'];
const registry = 'shared/registry.ts';

/** Judges shared/SLICE/commands.ts of every slice. */
export function judgeCommands(house: House): Finding[] {
  const gathered = house.modules.get(registry)?.text ?? '';
  return [...house.modules.values()].flatMap((module) => {
    const slice = /^shared\/([^/]+)\/commands\.ts$/.exec(module.path)?.[1];
    return slice ? commandsIn(module).flatMap((command) => commandFindings(module, slice, command, gathered)) : [];
  });
}

interface Command {
  readonly name: string;
  readonly literal: ts.ObjectLiteralExpression;
}

/** Exported constants that are a command: typed as one, or an object with a kind (bare or handed to a function). */
function commandsIn(module: Module): Command[] {
  return module.source.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    const isExported = statement.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false;
    if (!isExported) return [];
    return statement.declarationList.declarations.flatMap((one) => {
      const value = one.initializer;
      const literal = value && ts.isCallExpression(value) ? value.arguments[0] : value;
      if (!literal || !ts.isObjectLiteralExpression(literal) || !ts.isIdentifier(one.name)) return [];
      const isTyped = one.type?.getText(module.source).startsWith('CommandDef') ?? false;
      return isTyped || textOf(literal, 'kind') ? [{ name: one.name.text, literal }] : [];
    });
  });
}

function nameOf(property: ts.ObjectLiteralElementLike): string {
  return property.name && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
    ? property.name.text
    : '';
}

function textOf(literal: ts.ObjectLiteralExpression, name: string): string | null {
  const property = literal.properties.find((one) => nameOf(one) === name);
  return property && ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)
    ? property.initializer.text
    : null;
}

function commandFindings(module: Module, slice: string, command: Command, gathered: string): Finding[] {
  const { literal, name } = command;
  const has = new Set(literal.properties.map(nameOf));
  const finding = (text: string): Finding => ({
    law: 'commands',
    path: module.path,
    line: lineOf(module.source, literal),
    text,
  });
  const kind = textOf(literal, 'kind') ?? '';
  const onStale = textOf(literal, 'onStale');
  return [
    ...declared.filter((one) => !has.has(one)).map((one) => finding(`${name} does not declare ${one}`)),
    ...(new RegExp(`^${slice}\\.[a-z][a-zA-Z]*$`).test(kind) ? [] : [finding(`${name} must be called ${slice}.verb`)]),
    ...(onStale !== null && !staleAnswers.includes(onStale)
      ? [finding(`${name} answers "${onStale}" to being stale`)]
      : []),
    ...(gathered.includes(`${slice}Commands.${name}`) ? [] : [finding(`${name} is not gathered in ${registry}`)]),
  ];
}
