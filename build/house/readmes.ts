/** Rooms explain themselves, briefly. */
import { type Finding, type House, isTest } from './tree.ts';

const maxLines = 40;
/** A room with more modules than this (tests aside) has weight. */
const weight = 7;

/** READMEs that are too long, and rooms of weight that have none. */
export function judgeReadmes(house: House): Finding[] {
  const readmes = house.files.filter((path) => path.endsWith('/README.md'));
  const long = readmes.flatMap((path) => {
    const lines = house.read(path).replace(/\n$/, '').split('\n').length;
    if (lines <= maxLines) return [];
    return [
      { law: 'readmes', path, line: maxLines + 1, text: `${lines} lines; a room explains itself in ${maxLines}` },
    ];
  });
  const counts = new Map<string, number>();
  for (const path of house.modules.keys()) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!isTest(path) && folder !== '') counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const known = new Set(readmes);
  const silent = [...counts]
    .filter(([folder, count]) => count > weight && !hasReadme(folder, known))
    .map(([folder, count]) => ({
      law: 'readmes',
      path: folder,
      line: 1,
      text: `a room of ${count} modules must explain itself in a README`,
    }));
  return [...long, ...silent];
}

/** A folder is explained by its own README or by that of the room it is part of (`components/` of a feature). */
function hasReadme(folder: string, known: ReadonlySet<string>): boolean {
  const parts = folder.split('/');
  const isPart = parts.length > 2 || parts[0] === 'build' || parts[0] === 'tests';
  return known.has(`${folder}/README.md`) || (isPart && known.has(`${parts.slice(0, -1).join('/')}/README.md`));
}
