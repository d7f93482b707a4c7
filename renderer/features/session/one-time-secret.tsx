import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Stack, Text } from '#renderer/ui/layout.tsx';
import { SecretText } from '#renderer/ui/screen.tsx';

export interface OneTimeSecretProps {
  title: string;
  /** what it is for and that it is shown once */
  means: string;
  secret: string | null;
  onClose: () => void;
}

/** Something that is shown once and never again: a one-time password, an enrolment code. */
export function OneTimeSecret({ title, means, secret, onClose }: OneTimeSecretProps) {
  const { t } = useTranslation('session');
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (secret === null) return;
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // Copying is a comfort: the text can be selected, and stands there to be read.
      setCopied(false);
    }
  };
  return (
    <Dialog
      isOpen={secret !== null}
      onOpenChange={(is) => {
        if (is) return;
        setCopied(false);
        onClose();
      }}
      title={title}
      width="sm"
      footer={
        <>
          <Button onPress={() => void copy()}>{isCopied ? t('secret.copied') : t('secret.copy')}</Button>
          <Button variant="primary" onPress={onClose}>
            {t('secret.done')}
          </Button>
        </>
      }
    >
      <Stack gap="md">
        <Text shade="soft">{means}</Text>
        <SecretText label={title}>{secret ?? ''}</SecretText>
      </Stack>
    </Dialog>
  );
}
