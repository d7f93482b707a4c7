import type { WriteDb } from '#core/db/handles.ts';
import type { Store } from '#core/db/open.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Change } from '#shared/lib/query.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Outcome, Page, Up, WireRow } from '#shared/wire/messages.ts';

/** What taking in pages and backfills needs of the rest of the core. */
export interface PullParts {
  readonly store: Store;
  /** `device:D` */
  readonly deviceScope: ScopeText;
  readonly clock: Clock;
  readonly send: (message: Up) => void;
  /** settles commands in the transaction that moves the cursor past their outcomes */
  readonly settleIn: (tx: WriteDb, outcomes: readonly Outcome[]) => void;
  readonly changed: (changes: readonly Change[]) => void;
  /** rows that were written just now, as they came */
  readonly arrived: (rows: readonly WireRow[], isCaughtUp: boolean) => void;
  /** a page is about to be written: what shows of it before its end would be half of something */
  readonly pageBegins: () => void;
  /** a page is applied and confirmed */
  readonly pageDone: (page: Page) => void;
  /** the hub and this desk do not understand each other: the link has to be made anew */
  readonly broken: (why: string) => void;
  /** the store refused to write */
  readonly failed: (error: AppError) => void;
  /** whether a window is open: then no transaction may last long */
  readonly isWatched: () => boolean;
  /** something was evicted: upkeep has to make it really gone */
  readonly evicted: () => void;
  readonly log: (level: 'debug' | 'warn', text: string, facts?: Record<string, string | number>) => void;
}
