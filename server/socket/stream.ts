import type { HubContext } from '#server/context.ts';
import { holdsScope, readFirstPage, readPage } from '#server/replica/page.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Timer } from '#shared/lib/time.ts';
import type { Cursor, Down } from '#shared/wire/messages.ts';

export interface StreamOptions {
  readonly org: Id;
  readonly device: Id;
  /** where the desk stands; null = it starts over */
  readonly from: Cursor | null;
  send(page: Extract<Down, { t: 'page' }>): void;
  cut(why: 'slow'): void;
  /** told of work under way */
  watch(work: Promise<void>): void;
}

/**
 * Feeds one desk, a page at a time: the next is read only when the desk has confirmed the one before, so a slow desk
 * costs one page of memory, and one that does not confirm in time is cut off and resumes from its cursor.
 */
export class Stream {
  private readonly ctx: HubContext;
  private readonly options: StreamOptions;
  private at: Cursor;
  private isFirst: boolean;
  private hasGreeted = false;
  private awaited: Cursor | null = null;
  private slow: Timer | null = null;
  private isReading = false;
  private isWanted = false;
  private isOver = false;

  constructor(ctx: HubContext, options: StreamOptions) {
    this.ctx = ctx;
    this.options = options;
    this.at = options.from ?? { seq: 0, mark: '' };
    this.isFirst = options.from === null;
  }

  /** There may be something new. */
  wake(): void {
    this.isWanted = true;
    this.next();
  }

  /** The desk has what was sent, durably. */
  done(upTo: Cursor): void {
    if (this.awaited?.seq !== upTo.seq || this.awaited.mark !== upTo.mark) return;
    this.awaited = null;
    this.slow?.cancel();
    this.slow = null;
    this.at = upTo;
    this.isWanted = true;
    this.next();
  }

  /** Whether this desk holds a scope now. */
  holds(scope: string): Promise<boolean> {
    return holdsScope(this.ctx.db, this.options.org, this.options.device, scope);
  }

  stop(): void {
    this.isOver = true;
    this.slow?.cancel();
  }

  private next(): void {
    if (!this.isWanted || this.isReading || this.awaited || this.isOver) return;
    this.isWanted = false;
    this.isReading = true;
    this.options.watch(
      this.read()
        .catch((error: unknown) => {
          this.ctx.log.error({ device: this.options.device, error: String(error) }, 'a page could not be read');
          this.ctx.clock.setTimeout(() => this.wake(), 1_000);
        })
        .finally(() => {
          this.isReading = false;
          this.next();
        }),
    );
  }

  private async read(): Promise<void> {
    const { org, device } = this.options;
    const now = this.ctx.clock.now();
    const page = this.isFirst
      ? await readFirstPage(this.ctx.db, org, device, now)
      : await readPage(this.ctx.db, org, device, this.at, now);
    await this.ctx.failPoint('page.read', { device });
    if (this.isOver) return;
    if (page === null && this.hasGreeted) return;
    const sent = page ?? {
      t: 'page' as const,
      from: this.at,
      rows: [],
      outcomes: [],
      upTo: this.at,
      head: this.at.seq,
      more: false,
      hubAt: now,
    };
    this.isFirst = false;
    this.hasGreeted = true;
    this.awaited = sent.upTo;
    this.slow = this.ctx.clock.setTimeout(() => this.options.cut('slow'), this.ctx.settings.slowReaderMs);
    this.options.send(sent);
  }
}
