import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Bridge, BridgeProvider, useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { forgetRead } from '#renderer/bridge/query-client.ts';
import { MustChangeScreen } from '#renderer/features/session/must-change-screen.tsx';
import { SignInScreen } from '#renderer/features/session/sign-in-screen.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { CenterStage } from '#renderer/ui/layout.tsx';
import { ErrorState, LoadingHint } from '#renderer/ui/notice.tsx';
import { createShortcuts } from '#renderer/ui/shortcuts.ts';
import { applyTheme, UiProvider } from '#renderer/ui/ui-provider.tsx';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { DeskShell } from './desk-shell.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { pickLocale } from './i18n.ts';
import { withoutLetterKeys } from './letter-keys.ts';
import type { PreferencesStore } from './preferences.ts';

const none = {};
/** Queries that stay when another person comes: they tell who is here. */
const aboutNobody = [sessionQueries.stage.name, sessionQueries.status.name];

/** The tag for dates, numbers and money: the system's own variant of the chosen language where it has one. */
export function formatLocale(language: string, wanted: readonly string[]): string {
  const own = wanted.find((tag) => tag.split('-')[0] === language && tag.includes('-'));
  return own ?? (language === 'de' ? 'de-DE' : 'en-GB');
}

export interface RootProps {
  bridge: Bridge;
  preferences: PreferencesStore;
  /** what the system asks for, best first */
  systemLanguages: readonly string[];
  /** for pictures and tests: another direction or formats than the language's */
  forcedLocale?: string | undefined;
}

/** The whole page. */
export function Root({ bridge, preferences, ...rest }: RootProps) {
  return (
    <BridgeProvider bridge={bridge}>
      <Dressed preferences={preferences} {...rest} />
    </BridgeProvider>
  );
}

function Dressed({ preferences, systemLanguages, forcedLocale }: Omit<RootProps, 'bridge'>) {
  const { clock, main } = useBridge();
  const { i18n } = useTranslation();
  const { theme, language, hasLetterKeys } = useStore(preferences);
  const shortcuts = useMemo(() => createShortcuts(), []);
  const offset = useDeskQuery(sessionQueries.status, none).data?.clockOffset ?? 0;
  const locale = language === 'system' ? pickLocale(systemLanguages) : language;

  useEffect(() => {
    applyTheme(theme);
    void main.call('setAppearance', { theme, language });
  }, [theme, language, main]);
  useEffect(() => {
    if (forcedLocale === undefined && i18n.language !== locale) void i18n.changeLanguage(locale);
  }, [i18n, locale, forcedLocale]);
  useEffect(() => (hasLetterKeys ? shortcuts.remap({}) : withoutLetterKeys(shortcuts)), [shortcuts, hasLetterKeys]);

  return (
    <UiProvider
      locale={forcedLocale ?? formatLocale(locale, systemLanguages)}
      clock={clock}
      clockOffsetMs={offset}
      shortcuts={shortcuts}
    >
      <ErrorBoundary>
        <StageScreen preferences={preferences} />
      </ErrorBoundary>
    </UiProvider>
  );
}

/** What is to be known on the sign-in screen: why the session ended, and whether the person asked to sign in again. */
interface Parting {
  readonly why: AppError | null;
  /** the profile to sign in again at its hub */
  readonly againId: Id | null;
}

const noParting: Parting = { why: null, againId: null };

function useParting(isOpen: boolean): [Parting, (profileId: Id) => void] {
  const { core } = useBridge();
  const [parting, setParting] = useState(noParting);
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (wasOpen !== isOpen) {
    setWasOpen(isOpen);
    if (isOpen) setParting(noParting);
  }
  useEffect(
    () => core.onNotice(({ error }) => endings.has(error.code) && setParting({ why: error, againId: null })),
    [core],
  );
  const signInAgain = (profileId: Id): void => {
    setParting({ why: null, againId: profileId });
    void core.call(sessionCalls.lock, none);
  };
  return [parting, signInAgain];
}

const endings: ReadonlySet<string> = new Set(['session/revoked', 'session/disabled', 'profile/offline-over']);

function StageScreen({ preferences }: { preferences: PreferencesStore }) {
  const { t } = useTranslation('app');
  const wordsOf = useErrorWords();
  const { client } = useBridge();
  const stage = useDeskQuery(sessionQueries.stage, none);
  const [parting, signInAgain] = useParting(stage.data?.stage === 'open');
  if (stage.data === undefined) {
    return (
      <CenterStage label={t('starting')}>
        {stage.error === null ? (
          <LoadingHint isFirst />
        ) : (
          <ErrorState
            title={wordsOf(stage.error).what}
            code={stage.error.code}
            onRetry={() => void client.refetchQueries()}
          >
            {`${wordsOf(stage.error).means} ${wordsOf(stage.error).todo}`}
          </ErrorState>
        )}
      </CenterStage>
    );
  }
  if (stage.data.stage === 'closed') {
    return (
      <Apart key="nobody">
        <SignInScreen stage={stage.data} farewell={parting.why} againId={parting.againId} />
      </Apart>
    );
  }
  const { me } = stage.data;
  return (
    <Apart key={me.profile.id}>
      {me.mustChangePassword ? (
        <MustChangeScreen me={me} />
      ) : (
        <DeskShell me={me} preferences={preferences} onSignInAgain={() => signInAgain(me.profile.id)} />
      )}
    </Apart>
  );
}

/** What belongs to whoever is here begins with nothing read: before its first drawing, so that no frame shows another's. */
function Apart({ children }: { children: ReactNode }) {
  const { client } = useBridge();
  useState(() => forgetRead(client, aboutNobody));
  return children;
}
