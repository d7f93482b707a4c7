import { useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useDeskQuery, useLineState } from '#renderer/bridge/bridge.tsx';
import { dateFormat } from '#renderer/ui/format.ts';
import { useNow } from '#renderer/ui/now.tsx';
import { useSpanSince } from '#renderer/ui/span.ts';
import { StatusAction, StatusPill } from '#renderer/ui/status-bar.tsx';
import * as sessionQueries from '#shared/session/queries.ts';
import { clockWorthSaying, pillWords } from './pill-words.ts';

const none = {};

/** The time of day to the second; with the day when it is another one than today. */
function useExactTime(at: number | null): string {
  const { locale } = useLocale();
  const isToday = useNow((now) => at !== null && new Date(now).toDateString() === new Date(at).toDateString());
  if (at === null) return '';
  return dateFormat(locale, isToday ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** The state of this desk in one line: link, age of data, what waits, what was not sent. Each leads to the outbox. */
export function StatusLine({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation('session');
  const line = useLineState();
  const status = useDeskQuery(sessionQueries.status, none).data;
  const words = pillWords(status, line);
  const offset = status?.clockOffset ?? 0;
  const span = useSpanSince(words.since === null ? null : words.since + offset);
  const time = useExactTime(words.dataAt === null ? null : words.dataAt - offset);
  const plain = words.since === null ? t(`pill.${words.key}`, words.params) : t(`pill.${words.key}For`, { span });
  return (
    <>
      <StatusPill tone={words.tone} onPress={onOpen} announced={t(`pill.${words.key}`, words.params)}>
        {time === '' ? plain : t('pill.withData', { words: plain, time })}
      </StatusPill>
      {status !== undefined && status.waiting > 0 ? (
        <StatusAction tone="wait" onPress={onOpen}>
          {t('pill.waiting', { count: status.waiting })}
        </StatusAction>
      ) : null}
      {status !== undefined && status.attention > 0 ? (
        <StatusAction tone="bad" onPress={onOpen}>
          {t('pill.attention', { count: status.attention })}
        </StatusAction>
      ) : null}
      {Math.abs(offset) >= clockWorthSaying ? (
        <span>{t('pill.clock', { count: Math.round(Math.abs(offset) / 60_000) })}</span>
      ) : null}
      {status?.isEncrypted === false ? <span>{t('pill.notEncrypted')}</span> : null}
    </>
  );
}
