import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openBridge } from '#renderer/bridge/bridge.tsx';
import type { DeskApi } from '#shared/ipc/window-desk.ts';
import { systemClock } from '#shared/lib/time.ts';
import { pickLocale, startI18n } from './i18n.ts';
import { createPreferences } from './preferences.ts';
import { Root } from './root.tsx';

/** Puts the desk on the page. */
export function openDesk(api: DeskApi, choices: { locale?: 'en-XA'; forcedLocale?: string } = {}): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const preferences = createPreferences(localStorage);
  const { language } = preferences.getState();
  startI18n(choices.locale ?? (language === 'system' ? pickLocale(navigator.languages) : language));
  createRoot(root).render(
    <StrictMode>
      <Root
        bridge={openBridge(api, systemClock)}
        preferences={preferences}
        systemLanguages={navigator.languages}
        forcedLocale={choices.forcedLocale}
      />
    </StrictMode>,
  );
}
