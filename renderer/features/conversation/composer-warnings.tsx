import { useTranslation } from 'react-i18next';
import { Banner } from '#renderer/ui/notice.tsx';
import type { Head } from '#shared/conversation/model.ts';
import type { Me } from '#shared/session/model.ts';
import { isolated } from './recipient.ts';

export interface ComposerWarningsProps {
  head: Head;
  me: Me;
  ownerName: string;
}

/** What must be known before writing here, where the eyes are, with the key that fixes it. */
export function ComposerWarnings({ head, me, ownerName }: ComposerWarningsProps) {
  const { t } = useTranslation('conversation');
  if (head.state === 'resolved') {
    const reason = head.resolution === null ? '' : t(`resolution.${head.resolution}`);
    return (
      <Banner tone="neutral" place="composer">
        {t('warning.resolved', { reason })}
      </Banner>
    );
  }
  if (head.ownerId === null) {
    return (
      <Banner tone="accent" place="composer">
        {t('warning.unowned')}
      </Banner>
    );
  }
  if (head.ownerId !== me.person.id) {
    return (
      <Banner tone="warn" place="composer">
        {t('warning.theirs', { name: isolated(ownerName === '' ? t('colleague') : ownerName) })}
      </Banner>
    );
  }
  return null;
}
