import { useTranslation } from 'react-i18next';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import type { InboxRow } from '#shared/inbox/model.ts';
import type { Id } from '#shared/lib/ids.ts';

interface QuickSwitchProps {
  rows: readonly InboxRow[];
  onSelect: (id: Id, isWriting: boolean) => void;
}

/** Ctrl+1 to Ctrl+6: the first six conversations of one's own, ready to write. */
export function QuickSwitch({ rows, onSelect }: QuickSwitchProps) {
  return [1, 2, 3, 4, 5, 6].map((place) => (
    <Place key={place} place={place} row={rows[place - 1]} onSelect={onSelect} />
  ));
}

function Place({
  place,
  row,
  onSelect,
}: {
  place: number;
  row: InboxRow | undefined;
  onSelect: QuickSwitchProps['onSelect'];
}) {
  const { t } = useTranslation('inbox');
  useShortcut(
    row === undefined
      ? null
      : {
          id: `inbox.place-${place}`,
          label: t('keys.place', { place, name: row.head.customerName }),
          keys: `$mod+${place}`,
          scope: 'global',
          section: t('keys.section'),
          run: () => onSelect(row.head.id, true),
        },
  );
  return null;
}
