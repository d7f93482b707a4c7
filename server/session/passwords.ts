import { hash, verify } from '@node-rs/argon2';

/** Parameters of argon2id (RFC 9106, the second recommended set scaled to a server that checks many): 19 MiB, 2 passes, 1 lane. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many passwords are worked on at once; the rest wait, so that sign-ins cannot starve the hub. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((go) => void waiting.push(go));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** The argon2id hash of a password, with its salt and parameters in the text. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, parameters));
}

/**
 * Whether a password fits a hash. Without a hash (no such account, or none set) the same work is done against a
 * throw-away one, so that the time taken tells nothing.
 */
export async function fitsPassword(stored: string | null, password: string): Promise<boolean> {
  if (stored === null) {
    await hashPassword(password);
    return false;
  }
  return inTurn(() => verify(stored, password)).catch(() => false);
}
