import type { InboxRow, InboxSection } from '#shared/inbox/model.ts';

/** What stands at the end of a row's second line: the one thing that matters most. */
export type RowFlag =
  | { readonly kind: 'attention'; readonly count: number }
  | { readonly kind: 'waiting'; readonly count: number }
  | { readonly kind: 'clock'; readonly since: number }
  | { readonly kind: 'owner'; readonly name: string }
  | { readonly kind: 'none' };

/** Refused work comes before waiting work, waiting work before the customer's clock. */
export function flagOf(row: InboxRow, section: InboxSection['kind']): RowFlag {
  if (row.attention > 0) return { kind: 'attention', count: row.attention };
  if (row.waiting > 0) return { kind: 'waiting', count: row.waiting };
  if (section === 'colleagues' && row.ownerName !== null) return { kind: 'owner', name: row.ownerName };
  if (row.head.state === 'open' && row.head.waitingSince !== null)
    return { kind: 'clock', since: row.head.waitingSince };
  return { kind: 'none' };
}

/** The rows of all sections in the order they stand on screen. */
export function rowsInOrder(sections: readonly InboxSection[]): InboxRow[] {
  return sections.flatMap((s) => s.rows);
}

/** The row `step` away from the selected one, staying inside the list; the first (or last) when none is selected. */
export function neighbour(ids: readonly string[], selected: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at < 0) return (step === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))] ?? null;
}
