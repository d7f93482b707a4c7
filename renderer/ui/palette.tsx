import { Search } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  TextField,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { KeyHint } from './key-hint.tsx';
import { type PaletteItem, rankItems } from './palette-rank.ts';
import { floatingItem } from './select.tsx';
import { useShortcutScope } from './use-shortcuts.tsx';

export interface CommandPaletteProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  items: readonly PaletteItem[];
  /** Called after the palette has closed, so that what it does may open a dialog of its own. */
  onChoose: (id: string) => void;
}

/** Everything by name: type, arrows, Enter. Focus stays in the field. */
export function CommandPalette({ isOpen, onOpenChange, items, onChoose }: CommandPaletteProps) {
  const { t } = useTranslation('ui');
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable
      className="fixed inset-0 z-40 flex items-start justify-center bg-scrim p-4 pt-[12vh] transition-opacity entering:opacity-0 exiting:opacity-0"
    >
      <Modal className="flex max-h-[min(28rem,76vh)] w-full max-w-xl flex-col overflow-hidden rounded-l border border-line-strong bg-raised shadow-2">
        <Dialog aria-label={t('palette.title')} className="flex min-h-0 flex-1 flex-col outline-none">
          <Finder
            items={items}
            onChoose={(id) => {
              onOpenChange(false);
              onChoose(id);
            }}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Finder({ items, onChoose }: { items: readonly PaletteItem[]; onChoose: (id: string) => void }) {
  const { t } = useTranslation('ui');
  const [typed, setTyped] = useState('');
  const ranked = useMemo(() => rankItems(items, typed), [items, typed]);
  const list = useId();
  useShortcutScope('dialog');
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      <TextField
        aria-label={t('palette.search')}
        autoFocus
        className="flex shrink-0 items-center gap-2 border-b border-line px-4"
      >
        <Search size="1rem" aria-hidden className="shrink-0 text-ink-3" />
        <Input
          // A field that chooses from the list below: told as what it is.
          role="combobox"
          aria-expanded={true}
          aria-controls={list}
          aria-haspopup="listbox"
          placeholder={t('palette.search')}
          className="min-h-12 min-w-0 flex-1 bg-transparent text-lg text-ink outline-none placeholder:text-ink-3"
        />
      </TextField>
      <ListBox
        id={list}
        aria-label={t('palette.title')}
        className="min-h-0 flex-1 overflow-auto p-2 outline-none"
        onAction={(key) => onChoose(String(key))}
        renderEmptyState={() => <p className="m-0 p-4 text-center text-md text-ink-3">{t('palette.empty')}</p>}
      >
        {ranked.map((item) => (
          <ListBoxItem
            key={item.id}
            id={item.id}
            textValue={item.label}
            isDisabled={item.disabledReason !== undefined}
            className={`${floatingItem} min-h-8`}
          >
            <span className="min-w-0 flex-1 truncate">
              {item.label}
              <span className="ms-2 text-sm text-ink-3">{item.disabledReason ?? item.detail}</span>
            </span>
            {item.section === undefined ? null : <span className="shrink-0 text-xs text-ink-3">{item.section}</span>}
            {item.keys === undefined || item.keys === '' ? null : <KeyHint keys={item.keys} />}
          </ListBoxItem>
        ))}
      </ListBox>
    </Autocomplete>
  );
}
