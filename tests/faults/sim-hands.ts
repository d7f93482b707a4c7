import type { Core } from '#core/core.ts';
import type { WidgetSession } from '#server/widget/client/session.ts';
import type { Head } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { SimDesk } from '#tests/support/sim-desk.ts';
import type { SimPage } from '#tests/support/sim-page.ts';
import type { SimRandom } from '#tests/support/sim-random.ts';
import type { SimWorld } from '#tests/support/sim-world.ts';
import type { DeskHand, PageHand } from './hands.ts';
import type { SeenLine } from './message-checks.ts';

/** What a core shows and knows, asked the same way in one process or in another. */
export function coreView(core: Core): Awaited<ReturnType<DeskHand['view']>> {
  const open = core.desk;
  const personId = open?.me()?.person.id;
  if (!open || !personId) return null;
  const read = open.opened.store.read((db) =>
    db.values<string>(`select body from cache.visible_row where entity = 'head' order by id, scope`),
  );
  const heads = new Map(
    (read.ok ? read.value : []).map((body): [Id, Head] => [(JSON.parse(body) as Head).id, JSON.parse(body) as Head]),
  );
  return { personId, heads: [...heads.values()] };
}

export function coreAttention(core: Core): Awaited<ReturnType<DeskHand['attention']>> {
  const read = core.desk?.opened.store.read((db) =>
    db.all<{ n: number; args: string }>(
      `select n, args from main.outbox where state in ('refused', 'held', 'failed') order by at, abs(n)`,
    ),
  );
  return (read?.ok ? read.value : []).map(({ n, args }) => {
    const { text } = JSON.parse(args) as { text?: unknown };
    return { n, text: typeof text === 'string' ? text : null };
  });
}

interface SeenText {
  readonly conversationId: Id;
  readonly order: number | null;
  readonly text: string;
}
interface Thread {
  readonly items: readonly { readonly message?: SeenText; readonly note?: SeenText }[];
  readonly hasEarlier: boolean;
}

/** A whole thread, page by page, by the query a screen asks. */
export function coreThread(core: Core, conversationId: Id): readonly SeenLine[] {
  const lines: SeenLine[] = [];
  for (let before: number | null = null; ; ) {
    const read = core.query('conversation.thread', { conversationId, before, limit: 200 });
    if (!read.ok) throw new Error(`the thread cannot be read: ${read.error.code}`);
    const { items, hasEarlier } = read.value as Thread;
    const page = items.flatMap(({ message, note }) => message ?? note ?? []);
    lines.unshift(...page.map((m) => ({ conversation: m.conversationId, order: m.order, text: m.text })));
    const first = page.find((m) => m.order !== null)?.order ?? null;
    if (!hasEarlier || first === null) return lines;
    before = first;
  }
}

export function coreLink(core: Core): string {
  const link = core.desk?.link;
  if (!link) return 'locked';
  return link.state === 'sign-in-needed' ? `dismissed ${link.why}` : link.state;
}

export function simDeskHand(desk: SimDesk): DeskHand {
  const now = <T>(value: T): Promise<T> => Promise.resolve(value);
  return {
    name: desk.name,
    get folder() {
      return desk.folder;
    },
    link: () => now(desk.link),
    waiting: () => now(desk.waiting),
    view: () => now(coreView(desk.core)),
    attention: () => now(coreAttention(desk.core)),
    command: (kind, args, basis) => now(desk.command(kind, args, basis)),
    call: (name, args) => desk.call(name, args),
    ask: (name, args) => void desk.core.call(name, args),
    thread: (id) => now(coreThread(desk.core, id)),
    signIn: () => desk.signIn(),
    unlock: () => desk.unlock(),
    lock: () => now(desk.lock()),
    crash: (older) => now(desk.crash(older)),
    losePower: (older) => now(desk.losePower(older)),
    copyDisk: () => now(desk.copyDisk()),
    setWrong: (ms) => now(desk.setWrong(ms)),
  };
}

/** Connected, and nothing of its own is under way. */
export function isPageAtRest({ state }: WidgetSession): boolean {
  return state.link === 'online' && state.items.every((i) => i.state !== 'waiting' && i.state !== 'sending');
}

export function simPageHand(page: SimPage, world: SimWorld, random: SimRandom): PageHand {
  return {
    name: page.name,
    send: (text) => page.session.send(text),
    readAll: () => page.session.readAll(),
    reload() {
      page.kill();
      for (const wire of world.net.of(page.name)) wire.died('client', random);
      void page.session;
    },
    setWrong: (ms) => page.setWrong(ms),
    get lines() {
      return page.session.state.items;
    },
    get isAtRest() {
      return isPageAtRest(page.session);
    },
    get link() {
      return page.session.state.link;
    },
  };
}
