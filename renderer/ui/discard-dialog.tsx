import { useTranslation } from 'react-i18next';
import { ReasonDialog } from './reason-dialog.tsx';

export interface DiscardDialogProps {
  /** how many items; 0 = closed */
  count: number;
  onClose: () => void;
  onConfirm: (reason: string) => void;
}

/** Gives unsent work up, with the reason that the hub keeps. */
export function DiscardDialog({ count, onClose, onConfirm }: DiscardDialogProps) {
  const { t } = useTranslation('reason');
  return (
    <ReasonDialog
      isOpen={count > 0}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={t('discard.title', { count })}
      intro={t('discard.intro')}
      question={t('discard.question')}
      options={[
        { value: 'answered-otherwise', label: t('discard.answered') },
        { value: 'no-longer-needed', label: t('discard.notNeeded') },
        { value: 'mistake', label: t('discard.mistake') },
        { value: 'other', label: t('discard.other'), needsText: true },
      ]}
      textLabel={t('discard.text')}
      confirmLabel={t('discard.confirm')}
      isDanger
      maxLength={250}
      onConfirm={(reason, text) => onConfirm(text === '' ? reason : `${reason}: ${text}`)}
    />
  );
}
