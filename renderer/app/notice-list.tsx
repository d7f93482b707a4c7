import { useTranslation } from 'react-i18next';
import { Button } from '#renderer/ui/button.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Inline, Spacer, Stack, Text } from '#renderer/ui/layout.tsx';
import { Age } from '#renderer/ui/time-text.tsx';
import type { KeptNotice } from './notices.ts';
import type { Places } from './places.ts';

/** What the person was told in passing, newest first. Nothing when there was nothing. */
export function NoticeList({ notices, places }: { notices: readonly KeptNotice[]; places: Places }) {
  const { t } = useTranslation('app');
  const wordsOf = useErrorWords();
  if (notices.length === 0) return null;
  return (
    <Stack gap="sm">
      <Text as="h2" size="md" weight="semibold">
        {t('notice.title')}
      </Text>
      {notices.map(({ id, at, notice }) => {
        const words = wordsOf(notice.error);
        const { conversationId } = notice;
        return (
          <Inline key={id} gap="md" isWrapping>
            <Text size="xs" shade="faint">
              <Age at={at} isAgo />
            </Text>
            <Text size="sm">{`${words.what} ${words.means} ${words.todo}`}</Text>
            <Spacer />
            {conversationId === null ? null : (
              <Button onPress={() => places.show(conversationId, false)}>{t('notice.show')}</Button>
            )}
          </Inline>
        );
      })}
    </Stack>
  );
}
