import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { Button } from '#renderer/ui/button.tsx';
import { PasswordField } from '#renderer/ui/fields.tsx';
import { FormColumn } from '#renderer/ui/form-column.tsx';
import { Inline } from '#renderer/ui/layout.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import { ScreenPart } from '#renderer/ui/screen.tsx';
import * as sessionCalls from '#shared/session/calls.ts';
import { passwordSchema } from '#shared/session/model.ts';
import { useHubNeeded } from './people-screen.tsx';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

/** A new password, at the hub and for the data on this computer. */
export function PasswordPart() {
  const { t } = useTranslation('session');
  return (
    <ScreenPart title={t('password.title')}>
      <PasswordForm />
    </ScreenPart>
  );
}

/** Asks for the present password and the next one. `isFirst`: the present one is a one-time password that must go. */
export function PasswordForm({ isFirst = false }: { isFirst?: boolean }) {
  const { t } = useTranslation('session');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [isTried, setTried] = useState(false);
  const [isDone, setDone] = useState(false);
  const away = useHubNeeded();
  const change = useAsking(sessionCalls.changePassword);
  const isGood = z.safeParse(passwordSchema, next).success;
  const submit = async (): Promise<void> => {
    setTried(true);
    setDone(false);
    if (current === '' || !isGood || away !== undefined) return;
    if ((await change.ask({ current, next })) === null) return;
    setCurrent('');
    setNext('');
    setTried(false);
    setDone(true);
  };
  return (
    <FormColumn onSubmit={() => void submit()}>
      <PasswordField
        label={isFirst ? t('mustChange.current') : t('password.current')}
        value={current}
        onChange={setCurrent}
        autoFocus={isFirst}
        error={isTried && current === '' ? t('signIn.noPassword') : undefined}
      />
      <PasswordField
        label={t('password.next')}
        help={t('password.help')}
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        error={isTried && !isGood ? t('password.tooShort') : undefined}
      />
      <Refusal error={change.error} />
      {isDone ? <Banner tone="ok">{t('password.done')}</Banner> : null}
      {isFirst ? (
        <Button variant="primary" type="submit" keyHint="Enter" isPending={change.isAsking} disabledReason={away}>
          {t('mustChange.confirm')}
        </Button>
      ) : (
        <Inline>
          <Button type="submit" isPending={change.isAsking} disabledReason={away}>
            {t('password.change')}
          </Button>
        </Inline>
      )}
    </FormColumn>
  );
}
