import { useTranslation } from 'react-i18next';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { CenterStage, Inline, Sheet, Stack, Text } from '#renderer/ui/layout.tsx';
import * as sessionCalls from '#shared/session/calls.ts';
import type { Me } from '#shared/session/model.ts';
import { PasswordForm } from './password-part.tsx';

const none = {};

/** Somebody signed in with a one-time password: before anything else they choose their own. */
export function MustChangeScreen({ me }: { me: Me }) {
  const { t } = useTranslation('session');
  const { core } = useBridge();
  return (
    <CenterStage label={t('mustChange.title')}>
      <Sheet>
        <Stack gap="lg">
          <Stack gap="xs">
            <Text size="sm" shade="faint" dir="auto">
              {me.person.name} · {me.profile.orgName}
            </Text>
            <Text as="h1" size="xl" weight="semibold">
              {t('mustChange.title')}
            </Text>
          </Stack>
          <Text shade="soft">{t('mustChange.means')}</Text>
          <PasswordForm isFirst />
          <Inline>
            <Button variant="quiet" onPress={() => void core.call(sessionCalls.lock, none)}>
              {t('me.lock')}
            </Button>
          </Inline>
        </Stack>
      </Sheet>
    </CenterStage>
  );
}
