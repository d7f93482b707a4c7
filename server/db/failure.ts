/**
 * What went wrong in the database, as far as a caller can act on it:
 * `conflict` - run the whole transaction again (serialization, deadlock);
 * `busy` - a lock, a connection or the time ran out: try later;
 * `unavailable` - the database cannot be reached: try later;
 * `uncertain` - the connection broke while committing: it may or may not have happened; only an idempotent caller may repeat it;
 * `duplicate`, `missing`, `invalid` - a unique key, a reference, or a check refused the row (`constraint` says which);
 * `fault` - a mistake of ours.
 */
export type Failure =
  | { readonly kind: 'conflict' | 'busy' | 'unavailable' | 'uncertain' | 'fault' }
  | { readonly kind: 'duplicate' | 'missing' | 'invalid'; readonly constraint: string };

/** Thrown when the connection broke between sending the commit and its answer. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection to the database broke while committing', { cause });
    this.name = 'CommitUnknown';
  }
}

const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** Says what an error thrown by this room means. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommitUnknown) return { kind: 'uncertain' };
  const code = textOf(error, 'code');
  switch (code) {
    case '40001':
    case '40P01':
      return { kind: 'conflict' };
    case '55P03':
    case '57014':
    case '53300':
      return { kind: 'busy' };
    case '23505':
    case '23P01':
      return { kind: 'duplicate', constraint: textOf(error, 'constraint') };
    case '23503':
      return { kind: 'missing', constraint: textOf(error, 'constraint') };
    case '23502':
    case '23514':
      return { kind: 'invalid', constraint: textOf(error, 'constraint') };
    default:
  }
  // 08: connection, 57P: shut down or starting, 53: out of disk or memory, 25006: a standby
  if (lost.has(code) || /^(08|57P|53|25006)/.test(code)) return { kind: 'unavailable' };
  const words = error instanceof Error ? error.message : '';
  if (/exceeded when trying to connect/.test(words)) return { kind: 'busy' };
  if (/connection (terminated|error|ended)|not queryable|timeout expired/i.test(words)) return { kind: 'unavailable' };
  return { kind: 'fault' };
}

/** True when the connection the error came over cannot be used any more, or not with its kept statements. */
export function isSpoilt(error: unknown): boolean {
  const code = textOf(error, 'code');
  return code === '0A000' || code === '26000' || failureOf(error).kind === 'unavailable';
}

function textOf(error: unknown, key: 'code' | 'constraint'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : '';
}
