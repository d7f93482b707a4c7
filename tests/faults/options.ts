import { parseArgs } from 'node:util';

export type Tier = 'sim' | 'real';

/** What `npm run faults` was asked for. */
export interface FaultOptions {
  readonly runs: number;
  readonly seed: number;
  readonly tiers: readonly Tier[];
  readonly isThousand: boolean;
  /** actions of one history */
  readonly actions: number;
  readonly isShrinking: boolean;
  /** a history from a file, instead of one from the seed */
  readonly file: string | null;
}

const usage = `npm run faults -- [--runs N] [--seed S] [--tier sim|real|both] [--preset thousand] [--actions N] [--no-shrink] [--history FILE]`;

function whole(text: string, name: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number from ${least} on\n${usage}`);
}

/** Reads the command line. Throws words for a person when it makes no sense. */
export function readOptions(argv: readonly string[]): FaultOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      tier: { type: 'string', default: 'both' },
      preset: { type: 'string' },
      actions: { type: 'string', default: '160' },
      'no-shrink': { type: 'boolean', default: false },
      history: { type: 'string' },
    },
  });
  if (!['sim', 'real', 'both'].includes(values.tier)) throw new Error(`--tier is sim, real or both\n${usage}`);
  if (values.preset !== undefined && values.preset !== 'thousand')
    throw new Error(`there is one preset: thousand\n${usage}`);
  const isThousand = values.preset === 'thousand';
  return {
    runs: whole(values.runs ?? (isThousand || values.history ? '1' : '20'), 'runs', 1),
    seed: whole(values.seed, 'seed', 0),
    tiers: values.tier === 'both' ? ['sim', 'real'] : [values.tier as Tier],
    isThousand,
    actions: whole(values.actions, 'actions', 1),
    isShrinking: !values['no-shrink'],
    file: values.history ?? null,
  };
}
