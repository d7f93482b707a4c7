import type { Head } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Result } from '#shared/lib/result.ts';
import type { Company } from '#tests/support/sim-company.ts';
import type { SimRandom } from '#tests/support/sim-random.ts';
import type { Deed } from './history.ts';
import type { Ledger } from './ledger.ts';
import type { SeenLine } from './message-checks.ts';

/** A hand on one desk, wherever its core runs. */
export interface DeskHand {
  readonly name: string;
  /** the core's folder, as it is now */
  readonly folder: string;
  /** `live`, `unreachable`, …; `locked` when nobody is signed in, `dismissed …` when the hub does not want it as it is */
  link(): Promise<string>;
  waiting(): Promise<number>;
  /** who is signed in, and the conversations shown; null when locked */
  view(): Promise<{ readonly personId: Id; readonly heads: readonly Head[] } | null>;
  /** commands that need the person, the oldest first */
  attention(): Promise<readonly { readonly n: number; readonly text: string | null }[]>;
  command(kind: string, args: Record<string, unknown>, basis: Record<string, number>): Promise<Result<unknown>>;
  call(name: string, args: unknown): Promise<Result<unknown>>;
  /** the same, not waited for: it is answered in its time, or not at all */
  ask(name: string, args: unknown): void;
  thread(conversationId: Id): Promise<readonly SeenLine[]>;
  signIn(): Promise<Result<unknown>>;
  unlock(): Promise<Result<unknown>>;
  lock(): Promise<void>;
  /** the process is gone at once; the next one finds its disk, or an older copy of it */
  crash(older: string | null): Promise<void>;
  losePower(older: string | null): Promise<void>;
  copyDisk(): Promise<string>;
  setWrong(ms: number): Promise<void>;
}

/** A hand on one customer's page. */
export interface PageHand {
  readonly name: string;
  send(text: string): boolean;
  readAll(): void;
  /** the page goes with all it had in memory and is opened anew; the browser's storage stays */
  reload(): void;
  /** its computer's clock is wrong by so much from now on (ms) */
  setWrong(ms: number): void;
  readonly lines: readonly SeenLine[];
  /** connected, and nothing of its own is under way */
  readonly isAtRest: boolean;
  readonly link: string;
}

/** Where a history is played. */
export interface Stage {
  readonly ledger: Ledger;
  readonly random: SimRandom;
  readonly company: Company;
  readonly desks: readonly DeskHand[];
  readonly pages: readonly PageHand[];
  onLine(client: string, what: 'cut' | 'swallow' | 'ghost' | 'slow', ms: number): Promise<void>;
  setOffline(client: string, isOffline: boolean): Promise<void>;
  onHub(deed: Extract<Deed, { node: number }>): Promise<void>;
  backUp(): Promise<string | null>;
  restoreBackup(file: string): Promise<void>;
  /** which of these texts the hub has */
  known(texts: readonly string[]): Promise<ReadonlySet<string>>;
}
