/**
 * The law of the house, checked: `node build/check-house.ts [folder]`. Prints every breach with its place and fails
 * when there is one, or when it saw less of the house than there is (a checker that sees nothing finds nothing).
 */
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { judgeCommands } from './house/commands.ts';
import { judgeForm, judgeLength, judgeNames } from './house/form.ts';
import { judgeCycles, judgeImports, judgeSliceCycles } from './house/imports.ts';
import { judgeReadmes } from './house/readmes.ts';
import { judgeTables, tablesOf } from './house/tables.ts';
import { type Finding, floors, type House, readHouse } from './house/tree.ts';

/** What the house is known to hold at least; raise it when the house has grown well beyond. */
export const atLeast = { modules: 380, imports: 1500, commands: 8, tables: 25 };

/** Every breach of every law, in the order of the files. */
export function judge(house: House): Finding[] {
  const findings = [
    ...judgeImports(house),
    ...judgeCycles(house),
    ...judgeSliceCycles(house),
    ...judgeForm(house),
    ...judgeLength(house),
    ...judgeNames(house),
    ...judgeTables(house),
    ...judgeCommands(house),
    ...judgeReadmes(house),
  ];
  return findings.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

/** What the checker did not see although it must be there. */
export function judgeSight(house: House, minimum: typeof atLeast): Finding[] {
  const modules = [...house.modules.values()];
  const saw = {
    modules: modules.length,
    imports: modules.reduce((sum, module) => sum + module.imports.length, 0),
    commands: modules.filter((module) => /^shared\/[^/]+\/commands\.ts$/.test(module.path)).length
      ? [...(house.modules.get('shared/registry.ts')?.text ?? '').matchAll(/\w+Commands\.\w+/g)].length
      : 0,
    tables: tablesOf(house).size,
  };
  const finding = (text: string): Finding => ({ law: 'sight', path: '.', line: 1, text });
  return [
    ...Object.entries(minimum).flatMap(([what, count]) => {
      const seen = what in saw ? saw[what as keyof typeof saw] : 0;
      return seen < count ? [finding(`saw only ${seen} ${what}; there are at least ${count}`)] : [];
    }),
    ...floors
      .filter((floor) => !modules.some((module) => module.path.startsWith(`${floor}/`)))
      .map((floor) => finding(`saw no module in ${floor}/`)),
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const house = readHouse(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
  const findings = [...judgeSight(house, atLeast), ...judge(house)];
  for (const { law, path, line, text } of findings) console.log(`${path}:${line}  ${law}: ${text}`);
  console.log(`${house.modules.size} modules seen, ${findings.length} breaches`);
  if (findings.length > 0) process.exitCode = 1;
}
