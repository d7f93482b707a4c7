import { cpus, loadavg } from 'node:os';
import type { Bench } from './bench.ts';
import { exitCodeOf, judge, lastLine } from './verdict.ts';

/** Loaded one at a time: a benchmark of the hub must not need what one of the window needs. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  startup: async () => (await import('./startup.ts')).startup,
  switch: async () => (await import('./switch.ts')).threadSwitch,
  backfill: async () => (await import('./backfill.ts')).backfill,
  roundtrip: async () => (await import('./roundtrip.ts')).roundtrip,
  commits: async () => (await import('./commits.ts')).commits,
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function show(table: readonly (readonly (string | number)[])[]): void {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => String(row[column] ?? '').length)));
  for (const row of table) {
    const cells = row.map((cell, i) =>
      i === 0 ? String(cell).padEnd(widths[i] ?? 0) : String(cell).padStart(widths[i] ?? 0),
    );
    say(`  ${cells.join('  ')}`);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const [name] = args.filter((arg) => !arg.startsWith('--'));
  const load = name === undefined || !Object.hasOwn(benches, name) ? undefined : benches[name];
  if (name === undefined || !load) {
    process.stderr.write(
      `Usage: npm run bench -- NAME [--check]\nNAME is one of ${Object.keys(benches).join(', ')}.\n`,
    );
    return 2;
  }
  const bench = await load();
  say(`${name}: ${bench.divides}`);
  const before = loadavg()[0] ?? 0;
  say(`${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), load ${before.toFixed(2)} before this run`);
  const { ratio, table, notes } = await bench.run();
  show(table);
  for (const note of notes) say(`- ${note}`);
  say(judge(ratio, bench.aim).words);
  say(lastLine(name, ratio, bench.aim));
  return exitCodeOf(ratio, bench.aim, args.includes('--check'));
}

// What a benchmark leaves open (a child, a pool) must neither hold up nor hide its end.
process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }),
);
