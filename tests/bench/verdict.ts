/** What a ratio must be for the benchmark to hold; `null` where a benchmark only reports. */
export type Aim = { readonly is: 'at most' | 'at least'; readonly ratio: number } | null;

export interface Verdict {
  readonly isMet: boolean;
  /** In words, for the line before the last. */
  readonly words: string;
}

/** Judges a ratio. One that is not a positive number meets nothing, aim or no aim: then nothing was measured. */
export function judge(ratio: number, aim: Aim): Verdict {
  if (!Number.isFinite(ratio) || ratio <= 0)
    return { isMet: false, words: `${ratio} is no ratio: nothing was measured` };
  if (aim === null) return { isMet: true, words: 'reported, without an aim' };
  const isMet = aim.is === 'at most' ? ratio <= aim.ratio : ratio >= aim.ratio;
  return { isMet, words: `aim ${aim.ratio} or ${aim.is === 'at most' ? 'less' : 'more'}: ${isMet ? 'met' : 'MISSED'}` };
}

/** The last line of every benchmark. Rounded so that what is shown never looks better than what was judged. */
export function lastLine(name: string, ratio: number, aim: Aim): string {
  const cents = ratio * 100;
  const round = aim === null ? Math.round : aim.is === 'at least' ? Math.floor : Math.ceil;
  return `${name} ratio ${(round(cents) / 100).toFixed(2)}`;
}

/** 0 = fine. A missed aim counts only with `--check`; a ratio that is none always does. */
export function exitCodeOf(ratio: number, aim: Aim, isChecking: boolean): 0 | 1 {
  if (!judge(ratio, null).isMet) return 1;
  return isChecking && !judge(ratio, aim).isMet ? 1 : 0;
}
