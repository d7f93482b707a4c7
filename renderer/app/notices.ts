import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import type { Notice } from '#renderer/bridge/core-line.ts';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { showToast } from '#renderer/ui/toast.tsx';
import type { Places } from './places.ts';

/** Something the person was told unasked, kept for as long as they are signed in. */
export interface KeptNotice {
  readonly id: number;
  readonly at: number;
  readonly notice: Notice;
}

const most = 30;

/** Shows what the core tells unasked as a passing message, and keeps it, so that the message is never the only copy. */
export function useNotices(places: Places): readonly KeptNotice[] {
  const { core, clock } = useBridge();
  const { t } = useTranslation('app');
  const wordsOf = useErrorWords();
  const [kept, setKept] = useState<readonly KeptNotice[]>([]);
  useEffect(
    () =>
      core.onNotice((notice) => {
        setKept((before) => [{ id: (before[0]?.id ?? 0) + 1, at: clock.now(), notice }, ...before].slice(0, most));
        const words = wordsOf(notice.error);
        const { conversationId } = notice;
        showToast({
          text: `${words.what} ${words.todo}`,
          tone: 'bad',
          action:
            conversationId === null
              ? { label: t('notice.outbox'), run: () => places.go('outbox') }
              : { label: t('notice.show'), run: () => places.show(conversationId, false) },
        });
      }),
    [core, clock, t, wordsOf, places],
  );
  return kept;
}
