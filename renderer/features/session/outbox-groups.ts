import type { OutboxItem } from '#shared/session/model.ts';

/** Commands that stand or fall together: the one that was refused first, and what it holds. */
export interface OutboxGroup {
  readonly key: string;
  readonly items: readonly OutboxItem[];
}

export interface OutboxParts {
  /** what the person must decide about */
  readonly stuck: readonly OutboxGroup[];
  /** what is on its way by itself */
  readonly onItsWay: readonly OutboxItem[];
}

/** Parts what needs the person from what only needs the hub; both in the order they were written. */
export function outboxParts(items: readonly OutboxItem[]): OutboxParts {
  const groups = new Map<number, OutboxItem[]>();
  const onItsWay: OutboxItem[] = [];
  for (const item of [...items].sort((a, b) => a.n - b.n)) {
    if (item.state === 'waiting' || item.state === 'sent') onItsWay.push(item);
    else if (item.state === 'refused' || item.state === 'held' || item.state === 'failed') {
      const group = item.group ?? item.n;
      groups.set(group, [...(groups.get(group) ?? []), item]);
    }
  }
  return { stuck: [...groups].map(([n, its]) => ({ key: String(n), items: its })), onItsWay };
}
