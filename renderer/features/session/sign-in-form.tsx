import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { Button } from '#renderer/ui/button.tsx';
import { AlertDialog } from '#renderer/ui/dialog.tsx';
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
  // The hub has a newer password than this computer: what lies here opens with the earlier one only, or goes.
  const [isEarlierNeeded, setEarlierNeeded] = useState(false);
  const [earlier, setEarlier] = useState('');
  const [isForgetting, setForgetting] = useState(false);
  const signIn = useAsking(sessionCalls.signIn);
  const parsed = z.safeParse(emailSchema, email);
  const station = stations.find((s) => s.id === stationId);
  if (signIn.error?.code === 'session/local-password' && !isEarlierNeeded) setEarlierNeeded(true);
  const send = (here?: { kind: 'earlier'; password: string } | { kind: 'forget' }): void => {
    setTried(true);
    if (!parsed.success || password === '') return;
    void signIn.ask({ stationId, email: parsed.data, password, ...(here === undefined ? {} : { here }) });
  };
  const submit = (): void => send(earlier === '' ? undefined : { kind: 'earlier', password: earlier });
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
      {isEarlierNeeded ? (
        <PasswordField
          label={t('earlier.password')}
          help={t('earlier.help')}
          value={earlier}
          onChange={setEarlier}
          autoFocus
        />
      ) : null}
      <Refusal error={signIn.error} />
      <Button variant="primary" type="submit" keyHint="Enter" isPending={signIn.isAsking}>
        {signIn.isAsking ? t('signIn.signingIn') : t('signIn.signIn')}
      </Button>
      {isEarlierNeeded ? (
        <Button variant="danger" onPress={() => setForgetting(true)}>
          {t('earlier.forget')}
        </Button>
      ) : null}
      <AlertDialog
        isOpen={isForgetting}
        onOpenChange={setForgetting}
        title={t('earlier.forgetTitle')}
        confirmLabel={t('earlier.forgetConfirm')}
        variant="danger"
        onConfirm={() => send({ kind: 'forget' })}
      >
        {t('earlier.forgetMeans')}
      </AlertDialog>
    </FormColumn>
  );
}
