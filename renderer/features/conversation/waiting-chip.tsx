import { useTranslation } from 'react-i18next';
import { Chip } from '#renderer/ui/chip.tsx';
import { useNow } from '#renderer/ui/now.tsx';
import { useSpanSince } from '#renderer/ui/span.ts';

/** After this a waiting customer is shown in amber (ms). */
const soon = 2 * 60_000;

/** How long the customer has been waiting for an answer; nothing when nobody waits. */
export function WaitingChip({ since }: { since: number | null }) {
  const { t } = useTranslation('conversation');
  const span = useSpanSince(since);
  const isLong = useNow((now) => since !== null && now - since >= soon);
  if (since === null) return null;
  return <Chip tone={isLong ? 'warn' : 'neutral'}>{t('waitingSince', { span })}</Chip>;
}
