/**
 * `npm run check`: everything that can be known without running the product. All parts run side by side; each is
 * reported with its time, and the process fails when any of them does. Names given as arguments choose parts.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownNode, root, tool } from './ground/shell.mjs';

/** The parts of the check by name: the command line of each, run from the project root. */
export const parts: Readonly<Record<string, readonly string[]>> = {
  house: [ownNode(), join(root, 'build', 'check-house.ts')],
  types: [...tool('@typescript/native', 'tsc'), '-p', '.', '--noEmit'],
  lint: [...tool('oxlint'), '--type-aware', '--quiet', '.'],
  format: [
    ...tool('@biomejs/biome', 'biome'),
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
    '--colors=off',
    '.',
  ],
  'dead code': [...tool('knip'), '--no-progress', '--no-config-hints'],
};

/** One finished part: its name, whether it passed, what it printed, and how long it took in milliseconds. */
interface PartResult {
  readonly name: string;
  readonly isOk: boolean;
  readonly output: string;
  readonly tookMs: number;
}

function runPart(name: string, line: readonly string[]): Promise<PartResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(line[0] ?? '', line.slice(1), {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    const finish = (isOk: boolean): void =>
      resolve({ name, isOk, output: output.trim(), tookMs: performance.now() - startedAt });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

/** Runs the named parts (all when none are named), as many at once as there are processors; prints and returns them. */
export async function check(names: readonly string[]): Promise<readonly PartResult[]> {
  const wanted = names.length > 0 ? names : Object.keys(parts);
  const queue = [...wanted];
  const done: PartResult[] = [];
  const worker = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const line = parts[name];
      if (!line) throw new Error(`no check is called "${name}"; there are: ${Object.keys(parts).join(', ')}`);
      const result = await runPart(name, line);
      console.log(`${result.isOk ? 'ok  ' : 'FAIL'} ${name} (${(result.tookMs / 1000).toFixed(1)} s)`);
      if (!result.isOk) console.log(result.output.replace(/^/gm, '     '));
      done.push(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, cpus().length) }, worker));
  return done;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const results = await check(process.argv.slice(2));
  if (results.some((result) => !result.isOk)) process.exitCode = 1;
}
