import { useTranslation } from 'react-i18next';
import { type KeyWords, shownKeys } from './key-names.ts';

/** The agent's words for keys ("Ctrl", in German "Strg"). */
function useKeyWords(): KeyWords {
  const { t } = useTranslation('ui');
  // Asked for one by one: most hints are a letter and need none of them, and a screen draws many hints at once.
  return {
    get ctrl() {
      return t('keys.ctrl');
    },
    get alt() {
      return t('keys.alt');
    },
    get shift() {
      return t('keys.shift');
    },
    get escape() {
      return t('keys.escape');
    },
    get space() {
      return t('keys.space');
    },
    get tab() {
      return t('keys.tab');
    },
  };
}

/**
 * The key that does it, shown where it works. `keys` in the registry's spelling (`$mod+k`).
 * Hidden from screen readers, who get it from `aria-keyshortcuts` of the control itself.
 */
export function KeyHint({ keys, isOnAccent = false }: { keys: string; isOnAccent?: boolean }) {
  const words = useKeyWords();
  return (
    <span
      aria-hidden="true"
      className={
        isOnAccent
          ? 'num font-sans text-xs font-medium'
          : 'num inline-flex min-w-[1.125rem] shrink-0 items-center justify-center rounded-xs border border-b-2 border-line bg-pane px-1 font-sans text-2xs font-medium whitespace-nowrap text-ink-3'
      }
    >
      {shownKeys(keys.split('|')[0] ?? '', words)}
    </span>
  );
}
