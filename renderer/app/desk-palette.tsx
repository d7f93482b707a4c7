import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { CommandPalette } from '#renderer/ui/palette.tsx';
import type { PaletteItem } from '#renderer/ui/palette-rank.ts';
import { useShortcutList, useShortcuts } from '#renderer/ui/use-shortcuts.tsx';
import * as inboxQueries from '#shared/inbox/queries.ts';
import type { Places } from './places.ts';

const unfiltered = { filter: '' };
const opens = 'open ';

export interface DeskPaletteProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  places: Places;
  canRead: boolean;
}

/** Everything that can be done here and every conversation of this desk, by name. */
export function DeskPalette({ isOpen, onOpenChange, places, canRead }: DeskPaletteProps) {
  const { t } = useTranslation('app');
  const shortcuts = useShortcuts();
  const actions = useShortcutList();
  const list = useDeskQuery(inboxQueries.list, unfiltered, { isEnabled: isOpen && canRead }).data;
  const items = useMemo<PaletteItem[]>(() => {
    const doable = actions
      .filter((a) => a.id !== 'desk.palette' && !a.id.startsWith('inbox.place-'))
      .map(({ id, label, section, keys, words, disabledReason }) => ({
        id,
        label,
        keys,
        disabledReason,
        ...(section === undefined ? {} : { section }),
        ...(words === undefined ? {} : { words }),
      }));
    const rows = (list?.sections ?? []).flatMap((s) =>
      s.rows.map((row) => ({ row, section: t(`paletteSection.${s.kind}`, { team: s.teamName ?? '' }) })),
    );
    const talks = rows.map(({ row, section }) => ({
      id: `${opens}${row.head.id}`,
      label: row.head.customerName,
      section,
      detail: row.head.snippet.text.slice(0, 60),
      words: row.head.snippet.text,
    }));
    return [...doable, ...talks];
  }, [actions, list, t]);
  return (
    <CommandPalette
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      items={items}
      onChoose={(id) => {
        if (id.startsWith(opens)) places.show(id.slice(opens.length), true);
        else shortcuts.run(id);
      }}
    />
  );
}
