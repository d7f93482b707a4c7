import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, judge, lastLine } from './verdict.ts';

const most = { is: 'at most', ratio: 4 } as const;
const least = { is: 'at least', ratio: 0.5 } as const;

describe('the verdict of a benchmark', () => {
  it('holds up to the aim and fails beyond it, each way round', () => {
    expect(exitCodeOf(4, most, true)).toBe(0);
    expect(exitCodeOf(4.001, most, true)).toBe(1);
    expect(exitCodeOf(0.5, least, true)).toBe(0);
    expect(exitCodeOf(0.499, least, true)).toBe(1);
  });

  it('lets a missed aim pass only when nobody checks', () => {
    expect(exitCodeOf(9, most, false)).toBe(0);
    expect(judge(9, most)).toEqual({ isMet: false, words: 'aim 4 or less: MISSED' });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1])('never lets %s pass, with or without an aim', (ratio) => {
    for (const aim of [most, least, null]) {
      expect(judge(ratio, aim).isMet).toBe(false);
      for (const isChecking of [true, false]) expect(exitCodeOf(ratio, aim, isChecking)).toBe(1);
    }
  });

  it('never shows a ratio better than the one it judged', () => {
    expect(lastLine('roundtrip', 4.001, most)).toBe('roundtrip ratio 4.01');
    expect(lastLine('backfill', 0.4999, least)).toBe('backfill ratio 0.49');
    expect(lastLine('commits', 0.25, null)).toBe('commits ratio 0.25');
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { encoding: 'utf8' });

  it('refuses a name it does not know, and none at all, and says which there are', () => {
    for (const args of [['nothing-of-that-name', '--check'], []]) {
      const ended = run(...args);
      expect(ended.status).toBe(2);
      expect(ended.stderr).toContain('startup');
      expect(ended.stdout).not.toContain('ratio');
    }
  });
});
