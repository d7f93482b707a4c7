import { expect, test } from 'vitest';
import { judgeCommands } from './commands.ts';
import { houseOfTexts } from './house-of-texts.ts';

const lines = [
  "kind: 'inbox.take',",
  'args: takeArgs,',
  "permission: 'inbox.take',",
  "onStale: 'refuse',",
  'mayFollowRefused: false,',
  'subjects: (args) => [args.id],',
  'check() { return null; },',
  'effect() { return []; },',
];
const registry = { 'shared/registry.ts': 'const commandList = [inboxCommands.take];\n' };

/** What is wrong with a command of these lines. */
function complaints(body: readonly string[], files: Readonly<Record<string, string>> = registry): string[] {
  const text = `export const take: CommandDef<Args> = {\n${body.join('\n')}\n};\n`;
  return judgeCommands(houseOfTexts({ ...files, 'shared/inbox/commands.ts': text })).map((finding) => finding.text);
}

test('a command that declares everything is fine', () => {
  expect(complaints(lines)).toEqual([]);
});

test.each(['subjects', 'onStale', 'effect', 'mayFollowRefused', 'permission'])('a command must declare %s', (name) => {
  expect(complaints(lines.filter((line) => !line.startsWith(name)))).toEqual([`take does not declare ${name}`]);
});

test('a command without a kind is still seen, by its type', () => {
  expect(complaints(lines.slice(1))).toEqual(['take does not declare kind', 'take must be called inbox.verb']);
});

test('a command is called by its own slice', () => {
  expect(complaints(["kind: 'session.take',", ...lines.slice(1)])).toEqual(['take must be called inbox.verb']);
});

test('a command that nobody gathered would never be answered', () => {
  expect(complaints(lines, {})).toEqual(['take is not gathered in shared/registry.ts']);
});
