import type { Aim } from './verdict.ts';

/** What a benchmark found. `table` is shown; its first line is the heading. */
export interface Measured {
  readonly ratio: number;
  readonly table: readonly (readonly (string | number)[])[];
  /** What a reader must know to trust the figures: sizes, settings, what happened on the way. */
  readonly notes: readonly string[];
}

/** One benchmark: both sides in the same run, taking turns. */
export interface Bench {
  /** What the ratio divides, in words. */
  readonly divides: string;
  readonly aim: Aim;
  run(): Promise<Measured>;
}

/** The middle value (the mean of the two middle ones). NaN of nothing. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which `share` of all lie, straight line between neighbours. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/**
 * Lets two sides take turns, who begins alternating, and answers what each gave in each round. `skip` first rounds are
 * for warming up and left out.
 */
export async function takeTurns<T>(
  sides: { readonly ours: (round: number) => Promise<T>; readonly bare: (round: number) => Promise<T> },
  { rounds, skip = 1 }: { readonly rounds: number; readonly skip?: number },
): Promise<{ ours: T; bare: T }[]> {
  const kept: { ours: T; bare: T }[] = [];
  for (let round = -skip; round < rounds; round += 1) {
    const isOursFirst = round % 2 === 0;
    const first = isOursFirst ? await sides.ours(round) : await sides.bare(round);
    const second = isOursFirst ? await sides.bare(round) : await sides.ours(round);
    if (round >= 0) kept.push(isOursFirst ? { ours: first, bare: second } : { ours: second, bare: first });
  }
  return kept;
}

/** A number short enough for a table. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 10 ? 1 : 2);
}
