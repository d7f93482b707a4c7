import { createHash } from 'node:crypto';
import type { Id } from '#shared/lib/ids.ts';
import type { VisitorDown } from '#shared/wire/visitor.ts';
import type { PublicCursor, WidgetPorts } from './ports.ts';

/** Rows per message to the widget; a conversation new to the page shows its newest this many. */
const PAGE_ROWS = 400;

type Start = { cursor: string | null; conversations: readonly Id[]; restart: 'all' | 'lost' | null };

/** Reads, for one page, the public rows of one person's conversations: from a cursor when it still holds, else anew. */
export class PublicReader {
  private readonly ports: Pick<WidgetPorts, 'conversationsOf' | 'publicRows'>;
  private readonly org: string;
  private readonly visitorIds: readonly Id[];
  /** Conversations the page holds completely up to `cursor`. */
  private known: ReadonlySet<Id>;
  private cursor: PublicCursor | null;
  private restart: 'all' | 'lost' | null;
  private isFirst = true;

  constructor(
    ports: Pick<WidgetPorts, 'conversationsOf' | 'publicRows'>,
    org: string,
    visitorIds: readonly Id[],
    start: Start,
  ) {
    this.ports = ports;
    this.org = org;
    this.visitorIds = visitorIds;
    this.cursor = start.restart === null ? readCursor(start.cursor, start.conversations) : null;
    this.known = new Set(this.cursor ? start.conversations : []);
    // A page whose position is none of ours may hold what a restored hub has forgotten.
    this.restart = this.cursor ? null : (start.restart ?? (start.cursor === null ? 'all' : 'lost'));
  }

  holds(conversation: Id): boolean {
    return this.known.has(conversation);
  }

  /**
   * The next rows as a message, or null when nothing changed; `more` when there is more at once. The first message comes
   * in any case: until then a page does not know whether it has to offer something again, and sends nothing new.
   */
  async read(): Promise<{ message: VisitorDown | null; more: boolean }> {
    const all = await this.ports.conversationsOf(this.org, this.visitorIds);
    const fresh = all.filter((id) => !this.known.has(id));
    const known = this.cursor === null ? [] : all.filter((id) => this.known.has(id));
    const page = await this.ports.publicRows({ org: this.org, fresh, known, after: this.cursor, limit: PAGE_ROWS });
    if (page.kind === 'unknown') {
      this.known = new Set();
      this.cursor = null;
      this.restart = 'lost';
      return { message: null, more: true };
    }
    this.known = new Set(all);
    this.cursor = page.upTo;
    const { restart } = this;
    this.restart = null;
    if (page.rows.length === 0 && restart === null && !this.isFirst) return { message: null, more: page.more };
    this.isFirst = false;
    const cursor = writeCursor(page.upTo, all);
    const message: VisitorDown = { t: 'rows', restart, rows: [...page.rows], cursor };
    return { message, more: page.more };
  }
}

/** Short, order-free sign of a list of conversations: a cursor counts only for the list it was made for. */
function listSign(conversations: readonly Id[]): string {
  return createHash('sha256')
    .update([...conversations].sort().join())
    .digest('base64url')
    .slice(0, 12);
}

/** A reader's position as the widget keeps it: where in the stream, and for which conversations. */
function writeCursor(cursor: PublicCursor, conversations: readonly Id[]): string {
  return `${cursor.seq}.${cursor.mark}.${listSign(conversations)}`;
}

/** The position of a cursor made for exactly these conversations; null when it is none, or was made for others. */
function readCursor(text: string | null, conversations: readonly Id[]): PublicCursor | null {
  const match = /^(\d{1,16})\.([A-Za-z0-9_-]{0,100})\.([A-Za-z0-9_-]{12})$/.exec(text ?? '');
  if (!match || match[3] !== listSign(conversations)) return null;
  return { seq: Number(match[1]), mark: match[2] ?? '' };
}
