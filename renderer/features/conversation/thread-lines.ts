import type { ThreadItem } from '#shared/conversation/model.ts';

/** One line of the thread on screen. */
export type ThreadLine =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'item'; readonly key: string; readonly item: ThreadItem }
  | { readonly kind: 'group'; readonly key: string; readonly items: readonly ThreadItem[] };

/** When an item happened (epoch ms). */
export function atOf(item: ThreadItem): number {
  if (item.kind === 'message') return item.message.at;
  return item.kind === 'note' ? item.note.at : item.event.at;
}

/** Its place in the conversation; null while the hub has not given it one. */
export function orderOf(item: ThreadItem): number | null {
  if (item.kind === 'message') return item.message.order;
  return item.kind === 'note' ? item.note.order : item.event.order;
}

/** Its stable name. */
export function idOf(item: ThreadItem): string {
  if (item.kind === 'message') return item.message.id;
  return item.kind === 'note' ? item.note.id : item.event.id;
}

function isRefused(item: ThreadItem): boolean {
  return item.kind !== 'event' && (item.delivery === 'not-sent' || item.delivery === 'held');
}

/** Earlier pages and the newest one as one list: each item once, the newest reading of it, in order, unsent last. */
export function joinPages(pages: readonly (readonly ThreadItem[])[]): ThreadItem[] {
  const byId = new Map<string, ThreadItem>();
  for (const page of pages) for (const item of page) byId.set(idOf(item), item);
  const placed = [...byId.values()].filter((i) => orderOf(i) !== null);
  const unsent = [...byId.values()].filter((i) => orderOf(i) === null);
  placed.sort((a, b) => (orderOf(a) ?? 0) - (orderOf(b) ?? 0));
  return [...placed, ...unsent];
}

/** Items as lines: a separator where the day changes, what was refused together in one block at the end. */
export function threadLines(items: readonly ThreadItem[], dayOf: (at: number) => string): ThreadLine[] {
  const lines: ThreadLine[] = [];
  const refused: ThreadItem[] = [];
  let day = '';
  for (const item of items) {
    if (isRefused(item)) {
      refused.push(item);
      continue;
    }
    const itsDay = dayOf(atOf(item));
    if (itsDay !== day) lines.push({ kind: 'day', key: `day ${itsDay}`, at: atOf(item) });
    day = itsDay;
    lines.push({ kind: 'item', key: idOf(item), item });
  }
  if (refused.length > 0) lines.push({ kind: 'group', key: 'refused', items: refused });
  return lines;
}

/** The newest customer message among these: what the writer has on screen. 0 = none. */
export function lastCustomerOrder(items: readonly ThreadItem[]): number {
  let last = 0;
  for (const item of items) {
    if (item.kind === 'message' && item.message.from === 'customer') last = Math.max(last, item.message.order ?? 0);
  }
  return last;
}

/** The newest place among these. 0 = none. */
export function lastOrder(items: readonly ThreadItem[]): number {
  return items.reduce((last, item) => Math.max(last, orderOf(item) ?? 0), 0);
}
