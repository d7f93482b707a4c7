/** What can be wrong after a history, each with its own count. */
export const faultKinds = ['lost', 'duplicated', 'overspent', 'leaked', 'diverged', 'broken'] as const;
export type FaultKind = (typeof faultKinds)[number];
export type Counts = Record<FaultKind, number>;

/** What the checks found, in words, with counts. */
export class Findings {
  readonly counts: Counts = { lost: 0, duplicated: 0, overspent: 0, leaked: 0, diverged: 0, broken: 0 };
  readonly words: string[] = [];

  add(kind: FaultKind, words: string): void {
    this.counts[kind] += 1;
    if (this.words.length < 60) this.words.push(`${kind}: ${words}`);
  }

  get isClean(): boolean {
    return faultKinds.every((kind) => this.counts[kind] === 0);
  }
}

/** The last line of a run. */
export function verdictLine(runs: { sim: number; real: number }, counts: Counts): string {
  const told = faultKinds.map((kind) => `${kind} ${counts[kind]}`).join(' ');
  return `runs ${runs.sim} sim ${runs.real} real ${told}`;
}
