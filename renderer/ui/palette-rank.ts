import Fuse from 'fuse.js';

/** Something the palette can do or open. */
export interface PaletteItem {
  id: string;
  label: string;
  section?: string;
  /** Its key, in the registry's spelling. */
  keys?: string | undefined;
  /** More words to find it by: synonyms, ids. */
  words?: string;
  /** A second, quieter line. */
  detail?: string;
  /** Why it cannot be done now; listed, not chosen. */
  disabledReason?: string | undefined;
}

/** The items that fit what was typed, best first; all in their own order for nothing typed. */
export function rankItems(items: readonly PaletteItem[], typed: string): readonly PaletteItem[] {
  const wanted = typed.trim();
  if (wanted === '') return items;
  const fuse = new Fuse([...items], {
    keys: [
      { name: 'label', weight: 3 },
      { name: 'words', weight: 1 },
      { name: 'section', weight: 0.5 },
    ],
    threshold: 0.35,
    ignoreLocation: true,
    ignoreDiacritics: true,
  });
  const start = wanted.toLocaleLowerCase();
  // A name that starts with what was typed stands before one that only contains it.
  const startsSo = (item: PaletteItem): number => (item.label.toLocaleLowerCase().startsWith(start) ? 0 : 1);
  return fuse
    .search(wanted)
    .map((found) => found.item)
    .sort((a, b) => startsSo(a) - startsSo(b));
}
