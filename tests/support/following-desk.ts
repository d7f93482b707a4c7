import type { Hub } from '#server/hub.ts';
import type { Cursor, Down, WireRow } from '#shared/wire/messages.ts';
import { type TestDevice, TestLink } from './world.ts';

/**
 * The least desk that follows the protocol as server/socket/README.md tells it: applies pages, fetches what it gained, gives
 * up what it lost. Its `cache` is what a real desk would have on its disk.
 */
export class FollowingDesk {
  readonly device: TestDevice;
  readonly cache = new Map<string, WireRow>();
  /** every row that ever came, for looking at what was on the way */
  readonly ever: WireRow[] = [];
  cursor: Cursor | null = null;
  private link = new TestLink();
  private joinedAt = new Map<string, number>();
  private seen = 0;
  private asked = 0;

  constructor(device: TestDevice) {
    this.device = device;
  }

  async join(hub: Hub, options: { lastN?: number; lastId?: string | null } = {}): Promise<void> {
    this.link = new TestLink().open(hub);
    this.seen = 0;
    this.link.hello(this.device, { cursor: this.cursor, ...options });
    await this.link.until((m) => m.t === 'page');
    await this.settle(hub);
  }

  leave(): void {
    this.link.close();
  }

  say(message: Parameters<TestLink['say']>[0]): void {
    this.link.say(message);
  }

  until<T>(pick: (message: Down) => T | null | undefined | false): Promise<T> {
    return this.link.until(pick);
  }

  /** Takes in everything the hub has for this desk now. */
  async settle(hub: Hub): Promise<void> {
    for (;;) {
      await hub.quiet();
      // What was sent arrives, and is confirmed, a turn of the loop later.
      await new Promise((done) => setImmediate(done));
      const fresh = this.link.got.slice(this.seen);
      if (fresh.length === 0) return;
      this.seen += fresh.length;
      for (const message of fresh) this.take(message);
    }
  }

  private held(): Set<string> {
    const rows = [...this.cache.values()].filter((r) => r.e === 'holding' && r.b !== null);
    return new Set(rows.map((r) => (JSON.parse(r.b ?? '{}') as { scope: string }).scope));
  }

  private take(message: Down): void {
    if (message.t === 'backfilled') {
      if (this.joinedAt.get(message.scope) !== message.upTo || !message.isHeld) return;
      this.apply(message.rows);
      if (message.next !== null) this.backfill(message.scope, message.upTo, message.next);
    }
    if (message.t !== 'page') return;
    const before = this.held();
    const holdings = message.rows.filter((r) => r.e === 'holding');
    this.apply(holdings);
    const now = this.held();
    for (const scope of before) if (!now.has(scope)) this.evict(scope);
    this.apply(message.rows.filter((r) => now.has(r.s)));
    for (const scope of now) if (!before.has(scope)) this.backfill(scope, message.upTo.seq, 0);
    this.cursor = message.upTo;
  }

  private apply(rows: readonly WireRow[]): void {
    for (const row of rows) {
      this.ever.push(row);
      const key = `${row.s} ${row.e} ${row.i}`;
      if ((this.cache.get(key)?.q ?? 0) < row.q) this.cache.set(key, row);
    }
  }

  private evict(scope: string): void {
    this.joinedAt.delete(scope);
    for (const [key, row] of this.cache) if (row.s === scope) this.cache.delete(key);
  }

  private backfill(scope: string, upTo: number, after: number): void {
    this.joinedAt.set(scope, upTo);
    this.asked += 1;
    this.link.say({ t: 'backfill', id: this.asked, scope, upTo, after });
  }

  /** Rows on this desk that say something of a text. */
  knows(text: string): string[] {
    return [...this.cache].filter(([, row]) => row.b?.includes(text)).map(([key]) => key);
  }
}
