import { type ReactNode, useEffect } from 'react';
import { I18nProvider, isRTL } from 'react-aria-components';
import type { Clock } from '#shared/lib/time.ts';
import { NowProvider } from './now.tsx';
import type { Shortcuts } from './shortcuts.ts';
import { ShortcutsProvider } from './use-shortcuts.tsx';

export interface UiProviderProps {
  /** BCP 47 tag: dates, numbers, money, and the direction of the whole screen. */
  locale: string;
  clock: Clock;
  /** Hub time minus this computer's, milliseconds. */
  clockOffsetMs?: number;
  shortcuts: Shortcuts;
  children: ReactNode;
}

/** Everything the parts of this folder need around them. Once, at the top. */
export function UiProvider({ locale, clock, clockOffsetMs = 0, shortcuts, children }: UiProviderProps) {
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = isRTL(locale) ? 'rtl' : 'ltr';
  }, [locale]);
  return (
    <I18nProvider locale={locale}>
      <NowProvider clock={clock} offsetMs={clockOffsetMs}>
        <ShortcutsProvider shortcuts={shortcuts}>{children}</ShortcutsProvider>
      </NowProvider>
    </I18nProvider>
  );
}

/** What a person chose; `system` follows the computer. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Puts the theme on the page. */
export function applyTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}
