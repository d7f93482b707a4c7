import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
import { KeyHint } from './key-hint.tsx';
import { ariaKeys } from './key-names.ts';
import type { ListedShortcut } from './shortcuts.ts';
import { useShortcutList } from './use-shortcuts.tsx';

/** All keys that work, under headings. Opens over the desk, usually on `?`. */
export function ShortcutSheet({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const { t } = useTranslation('ui');
  const list = useShortcutList();
  const sections = new Map<string, ListedShortcut[]>();
  for (const action of list) {
    if (action.keys === '') continue;
    const section = action.section ?? t('shortcuts.general');
    sections.set(section, [...(sections.get(section) ?? []), action]);
  }
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={t('shortcuts.title')} width="lg" isDismissable>
      <div className="columns-[17rem] gap-8">
        {[...sections].map(([section, actions]) => (
          <section key={section} className="mb-5 break-inside-avoid">
            <h3 className="m-0 mb-1.5 text-sm font-semibold text-ink-3">{section}</h3>
            <dl className="m-0 flex flex-col gap-1">
              {actions.map((action) => (
                <div key={action.id} className="flex items-center gap-2 text-md">
                  <dt className="min-w-0 flex-1">
                    {action.label}
                    {action.isRemapped ? <span className="ms-1 text-xs text-ink-3">{t('shortcuts.own')}</span> : null}
                  </dt>
                  <dd className="m-0 flex gap-1">
                    {action.keys.split('|').map((keys) => (
                      <span key={keys}>
                        <KeyHint keys={keys} />
                        <span className="sr-only">{ariaKeys(keys) ?? keys}</span>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
