import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '#renderer/ui/button.tsx';
import { TextField } from '#renderer/ui/fields.tsx';
import { FormColumn } from '#renderer/ui/form-column.tsx';
import * as sessionCalls from '#shared/session/calls.ts';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

export interface EnrolFormProps {
  onEnrolled: (station: { id: string; hubAddress: string; orgName: string }) => void;
}

/** Makes this computer known to a hub, once: its address and the code that an administrator hands out. */
export function EnrolForm({ onEnrolled }: EnrolFormProps) {
  const { t } = useTranslation('session');
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [isTried, setTried] = useState(false);
  const enrol = useAsking(sessionCalls.enrol);
  const isAddress = address.trim() !== '';
  const isCode = code.trim().length >= 4;
  const submit = (): void => {
    setTried(true);
    if (!isAddress || !isCode) return;
    void enrol.ask({ address: address.trim(), code: code.trim() }).then((made) => {
      if (made) onEnrolled({ id: made.stationId, hubAddress: address.trim(), orgName: made.orgName });
    });
  };
  return (
    <FormColumn onSubmit={submit}>
      <TextField
        label={t('enrol.address')}
        help={t('enrol.addressHelp')}
        value={address}
        onChange={setAddress}
        autoFocus
        isRequired
        spellCheck="false"
        error={isTried && !isAddress ? t('enrol.noAddress') : undefined}
      />
      <TextField
        label={t('enrol.code')}
        help={t('enrol.codeHelp')}
        value={code}
        onChange={setCode}
        isRequired
        autoComplete="one-time-code"
        spellCheck="false"
        error={isTried && !isCode ? t('enrol.noCode') : undefined}
      />
      <Refusal error={enrol.error} />
      <Button variant="primary" type="submit" keyHint="Enter" isPending={enrol.isAsking}>
        {enrol.isAsking ? t('enrol.enrolling') : t('enrol.enrol')}
      </Button>
    </FormColumn>
  );
}
