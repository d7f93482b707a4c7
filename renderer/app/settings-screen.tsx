import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import { PasswordPart } from '#renderer/features/session/password-part.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { DefinitionList } from '#renderer/ui/card.tsx';
import { RadioGroup, Switch } from '#renderer/ui/choices.tsx';
import { Inline, Text } from '#renderer/ui/layout.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import { Screen, ScreenPart } from '#renderer/ui/screen.tsx';
import type { About } from '#shared/ipc/main.ts';
import type { Me } from '#shared/session/model.ts';
import type { Preferences, PreferencesStore } from './preferences.ts';

export interface SettingsScreenProps {
  me: Me;
  preferences: PreferencesStore;
  onShortcuts: () => void;
}

/** What a person chooses for this window, their password, and what this program is. */
export function SettingsScreen({ me, preferences, onShortcuts }: SettingsScreenProps) {
  const { t } = useTranslation('app');
  const { theme, language, hasLetterKeys } = useStore(preferences);
  return (
    <Screen title={t('settings.title')}>
      <ScreenPart title={t('settings.look')}>
        <RadioGroup<Preferences['theme']>
          label={t('settings.theme')}
          value={theme}
          onChange={(next) => preferences.setState({ theme: next })}
          options={(['system', 'light', 'dark'] as const).map((value) => ({
            value,
            label: t(`settings.themes.${value}`),
          }))}
        />
        <RadioGroup<Preferences['language']>
          label={t('settings.language')}
          value={language}
          onChange={(next) => preferences.setState({ language: next })}
          options={[
            { value: 'system', label: t('settings.systemLanguage') },
            { value: 'en', label: 'English' },
            { value: 'de', label: 'Deutsch' },
          ]}
        />
      </ScreenPart>
      <ScreenPart title={t('settings.keys')}>
        <Switch isSelected={hasLetterKeys} onChange={(is) => preferences.setState({ hasLetterKeys: is })}>
          {t('settings.letterKeys')}
        </Switch>
        <Text size="sm" shade="faint">
          {t('settings.letterKeysHelp')}
        </Text>
        <Inline>
          <Button keyHint="Shift+?" onPress={onShortcuts}>
            {t('settings.showKeys')}
          </Button>
        </Inline>
      </ScreenPart>
      {me.profile.kind === 'demo' ? null : <PasswordPart />}
      <AboutPart me={me} />
    </Screen>
  );
}

function AboutPart({ me }: { me: Me }) {
  const { t } = useTranslation('app');
  const { main } = useBridge();
  const [about, setAbout] = useState<About | null>(null);
  useEffect(() => {
    void main.call('about', null).then((answer) => answer.ok && setAbout(answer.value));
  }, [main]);
  return (
    <ScreenPart
      title={t('about.title')}
      actions={<Button onPress={() => void main.call('showLog', null)}>{t('about.log')}</Button>}
    >
      {about?.runtimeKind === 'stand-in' ? (
        <Banner tone="warn">{t('about.standIn', { electron: about.electron })}</Banner>
      ) : null}
      <DefinitionList
        items={[
          { id: 'who', term: t('about.who'), value: `${me.person.name} · ${me.profile.email}` },
          { id: 'hub', term: t('about.hub'), value: `${me.profile.orgName} · ${me.profile.hubAddress}` },
          ...(about === null
            ? []
            : [
                {
                  id: 'version',
                  term: t('about.version'),
                  value: `Fairlead ${about.appVersion}${about.isPackaged ? '' : ` (${t('about.development')})`}`,
                },
                {
                  id: 'runtime',
                  term: t('about.runtime'),
                  value: t(`about.kinds.${about.runtimeKind}`, {
                    electron: about.electron,
                    chrome: about.chrome,
                    node: about.node,
                  }),
                },
                { id: 'platform', term: t('about.platform'), value: `${about.platform} ${about.arch}` },
                {
                  id: 'keychain',
                  term: t('about.keychain'),
                  value: about.hasKeychain ? t('about.hasKeychain') : t('about.noKeychain'),
                },
              ]),
        ]}
      />
    </ScreenPart>
  );
}
