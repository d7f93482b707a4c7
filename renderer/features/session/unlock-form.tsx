import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '#renderer/ui/button.tsx';
import { PasswordField } from '#renderer/ui/fields.tsx';
import { FormColumn } from '#renderer/ui/form-column.tsx';
import { Stack, Text } from '#renderer/ui/layout.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import * as sessionCalls from '#shared/session/calls.ts';
import type { Profile } from '#shared/session/model.ts';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

export interface UnlockFormProps {
  profile: Profile;
  /** the time without the hub is over: sign in with it */
  onSignInAgain: () => void;
}

/** Opens a profile of this computer, also without the hub while the allowed time lasts. */
export function UnlockForm({ profile, onSignInAgain }: UnlockFormProps) {
  const { t } = useTranslation('session');
  const [password, setPassword] = useState('');
  const unlock = useAsking(sessionCalls.unlock);
  const isDemo = profile.kind === 'demo';
  const mustSignIn = unlock.error?.code === 'profile/offline-over' || unlock.error?.code === 'session/sign-in-again';
  return (
    <FormColumn
      onSubmit={() =>
        void unlock.ask({ profileId: profile.id, password }).then((done) => done === null && setPassword(''))
      }
    >
      <Stack gap="none">
        <Text weight="medium" size="lg" dir="auto">
          {profile.personName}
        </Text>
        <Text size="sm" shade="faint">
          {profile.orgName} · {profile.hubAddress}
        </Text>
      </Stack>
      {isDemo ? (
        <Banner tone="warn">{t('unlock.demo')}</Banner>
      ) : (
        <PasswordField label={t('unlock.password')} value={password} onChange={setPassword} autoFocus isRequired />
      )}
      <Refusal error={unlock.error} />
      {mustSignIn ? <Button onPress={onSignInAgain}>{t('unlock.signIn')}</Button> : null}
      <Button
        variant="primary"
        type="submit"
        keyHint="Enter"
        isPending={unlock.isAsking}
        autoFocus={isDemo}
        disabledReason={isDemo || password !== '' ? undefined : t('unlock.needsPassword')}
      >
        {unlock.isAsking ? t('unlock.opening') : t('unlock.open')}
      </Button>
    </FormColumn>
  );
}
