import type { Db, ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Commit } from '#server/replica/commit.ts';
import type { Id, IdMint, RandomBytes } from '#shared/lib/ids.ts';
import type { Clock } from '#shared/lib/time.ts';

/** Structured log without personal data: ids, codes, counts. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** A named place in the code where a test may stop, fail or kill; does nothing in the product. */
export type FailPoint = (name: string, detail: Record<string, unknown>) => Promise<void>;

/** What every part of the hub works with. Made once, at start. */
export interface HubContext {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly mint: IdMint;
  readonly log: Log;
  readonly failPoint: FailPoint;
  readonly commit: Commit;
  /** to be called after a commit: wakes this node's own sockets at once */
  onCommitted(): void;
  readonly settings: HubSettings;
}

/** Times in milliseconds. */
export interface HubSettings {
  /** how long a desk may work without the hub */
  readonly offlineForMs: number;
  /** how long the hub remembers what a desk that is away may ask for: outcomes, rows that are gone, marks of commits */
  readonly keepForMs: number;
  readonly accessForMs: number;
  readonly refreshForMs: number;
  /** how long after the last heartbeat a person counts as there */
  readonly presenceForMs: number;
  /** a page not confirmed for this long cuts the desk off */
  readonly slowReaderMs: number;
  readonly isDemo: boolean;
}

export type { Id, ReadDb, WriteTx };
