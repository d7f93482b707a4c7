import type { Store } from '#core/db/open.ts';
import type { OverlayCell } from '#core/db/overlay-cell.ts';
import type { Actor, CommandDef } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id, IdMint } from '#shared/lib/ids.ts';
import type { Change } from '#shared/lib/query.ts';
import type { Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';
import type { Down, Up, Welcome } from '#shared/wire/messages.ts';
import type { DismissedWhy, LossWhy } from './connection.ts';
import type { Device } from './envelope.ts';

export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  text: string,
  facts?: Record<string, string | number>,
) => void;

/** A command that was refused or failed, which the person must be told of. */
export interface Refusal {
  readonly error: AppError;
  readonly kind: string;
  readonly conversationId: Id | null;
}

export interface DeskSyncParts {
  readonly store: Store;
  readonly device: Device;
  readonly overlay: OverlayCell;
  readonly kinds: ReadonlyMap<string, CommandDef>;
  readonly clock: Clock;
  /** a number in [0, 1) */
  readonly random: () => number;
  readonly mint: IdMint;
  readonly connect: () => Promise<Result<Link<Up>, LossWhy>>;
  readonly actor: () => Actor | null;
  /** the access token; null when there is none */
  readonly access: () => string | null;
  readonly refresh: () => Promise<'ok' | 'refused' | 'unreachable'>;
  readonly welcomed: (welcome: Welcome) => void;
  readonly dismissed: (why: DismissedWhy) => void;
  /** hub time minus device time (ms); null before the first contact */
  readonly hubOffset: () => number | null;
  readonly changed: (changes: readonly Change[]) => void;
  readonly refused: (refusal: Refusal) => void;
  readonly typing: (signal: Extract<Down, { t: 'typing' }>) => void;
  /** whether a window is open: then no transaction may last long */
  readonly isWatched: () => boolean;
  readonly storeFailed: (error: AppError) => void;
  readonly log: Log;
}
