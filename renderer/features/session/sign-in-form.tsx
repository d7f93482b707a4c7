import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { Button } from '#renderer/ui/button.tsx';
import { PasswordField, TextField } from '#renderer/ui/fields.tsx';
import { FormColumn } from '#renderer/ui/form-column.tsx';
import { Text } from '#renderer/ui/layout.tsx';
import { Select } from '#renderer/ui/select.tsx';
import * as sessionCalls from '#shared/session/calls.ts';
import { emailSchema } from '#shared/session/model.ts';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

export interface SignInFormProps {
  stations: readonly { id: string; hubAddress: string; orgName: string }[];
  stationId: string;
  email: string;
  onStation: (id: string) => void;
}

/** Signs a person in at the hub; the first time on this computer, or after the offline time is over. */
export function SignInForm({ stations, stationId, email: known, onStation }: SignInFormProps) {
  const { t } = useTranslation('session');
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const signIn = useAsking(sessionCalls.signIn);
  const parsed = z.safeParse(emailSchema, email);
  const station = stations.find((s) => s.id === stationId);
  const submit = (): void => {
    setTried(true);
    if (parsed.success && password !== '') void signIn.ask({ stationId, email: parsed.data, password });
  };
  return (
    <FormColumn onSubmit={submit}>
      {stations.length > 1 ? (
        <Select
          label={t('signIn.hub')}
          value={stationId}
          onChange={onStation}
          options={stations.map((s) => ({ value: s.id, label: s.orgName, help: s.hubAddress }))}
        />
      ) : (
        <Text size="sm" shade="faint">
          {station === undefined ? '' : `${station.orgName} · ${station.hubAddress}`}
        </Text>
      )}
      <TextField
        label={t('signIn.email')}
        type="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        autoFocus={known === ''}
        isRequired
        error={isTried && !parsed.success ? t('signIn.badEmail') : undefined}
      />
      <PasswordField
        label={t('signIn.password')}
        value={password}
        onChange={setPassword}
        autoFocus={known !== ''}
        isRequired
        error={isTried && password === '' ? t('signIn.noPassword') : undefined}
      />
      <Refusal error={signIn.error} />
      <Button variant="primary" type="submit" keyHint="Enter" isPending={signIn.isAsking}>
        {signIn.isAsking ? t('signIn.signingIn') : t('signIn.signIn')}
      </Button>
    </FormColumn>
  );
}
