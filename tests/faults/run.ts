import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Address } from '#server/db/launch.ts';
import { systemClock } from '#shared/lib/time.ts';
import { startTestServer } from '#tests/support/postgres-server.ts';
import { type Counts, type FaultKind, faultKinds, verdictLine } from './findings.ts';
import type { RunResult } from './finish.ts';
import { everyday, type History, historyOf, tell, traffic } from './history.ts';
import { type FaultOptions, readOptions, type Tier } from './options.ts';
import { runReal } from './real-run.ts';
import { kindsOf, shrink } from './shrink.ts';
import { runSim } from './sim-run.ts';

const folder = resolve(import.meta.dirname, '../../.cache/faults');
const shrinkMs = 180_000;

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}

function historyFor(options: FaultOptions, tier: Tier, seed: number): History {
  if (options.file !== null) return JSON.parse(readFileSync(options.file, 'utf8')) as History;
  if (options.isThousand) {
    return { ...historyOf(seed, { actions: 8_000, nodes: 2, desks: 5, pages: 20, mix: traffic }), messages: 1_000 };
  }
  // Real processes take real time to start and to come back.
  if (tier === 'real') return historyOf(seed, { actions: Math.ceil(options.actions / 3), desks: 5, mix: everyday });
  return historyOf(seed, { actions: options.actions });
}

async function play(server: Address, tier: Tier, history: History): Promise<RunResult> {
  return tier === 'sim' ? runSim(server, history) : runReal(server, history);
}

/** Plays one history and says how it went; answers its counts. */
async function one(server: Address, tier: Tier, history: History, options: FaultOptions): Promise<Counts> {
  const start = systemClock.monotonic();
  const { findings, steps, written } = await play(server, tier, history);
  const seconds = ((systemClock.monotonic() - start) / 1000).toFixed(1);
  const found = findings.isClean
    ? 'nothing wrong'
    : kindsOf(findings.counts)
        .map((k) => `${k} ${findings.counts[k]}`)
        .join(' ');
  out(`${tier} seed ${history.seed}: ${written} messages, ${steps} events, ${seconds} s: ${found}`);
  if (history.messages !== undefined) {
    const { lost, duplicated } = findings.counts;
    out(`${written} messages: ${written - lost} delivered, ${duplicated} doubled, ${lost} lost`);
  }
  if (!findings.isClean) await explain(server, tier, history, findings, options);
  return findings.counts;
}

async function explain(
  server: Address,
  tier: Tier,
  history: History,
  findings: RunResult['findings'],
  options: FaultOptions,
): Promise<void> {
  for (const words of findings.words) out(`  ${words}`);
  let shortest = history;
  if (options.isShrinking && tier === 'sim' && history.messages === undefined) {
    out('  looking for a shorter history that fails in the same way …');
    const again = async (shorter: History): Promise<readonly FaultKind[]> =>
      runSim(server, shorter).then(
        (result) => kindsOf(result.findings.counts),
        () => [],
      );
    shortest = await shrink(history, kindsOf(findings.counts), again, shrinkMs);
  }
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${tier}-${history.seed}.json`);
  writeFileSync(file, JSON.stringify(shortest));
  out(tell(shortest).replaceAll(/^/gm, '  '));
  out(`  replay: npm run faults -- --tier ${tier} --history ${file}`);
}

async function main(options: FaultOptions): Promise<number> {
  const server = await startTestServer({ isDurable: false });
  const total: Counts = { lost: 0, duplicated: 0, overspent: 0, leaked: 0, diverged: 0, broken: 0 };
  const runs = { sim: 0, real: 0 };
  try {
    for (const tier of options.tiers) {
      // One real run for ten simulated ones, when both are asked for.
      const many =
        tier === 'real' && options.tiers.length > 1 ? Math.max(1, Math.round(options.runs / 10)) : options.runs;
      for (let i = 0; i < many; i += 1) {
        const counts = await one(server.address, tier, historyFor(options, tier, options.seed + i), options);
        runs[tier] += 1;
        for (const kind of faultKinds) total[kind] += counts[kind];
      }
    }
  } finally {
    await server.stop();
  }
  out(verdictLine(runs, total));
  return faultKinds.some((kind) => total[kind] > 0) ? 1 : 0;
}

try {
  process.exit(await main(readOptions(process.argv.slice(2))));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(2);
}
