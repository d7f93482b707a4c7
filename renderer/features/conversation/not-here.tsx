import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { EmptyState } from '#renderer/ui/notice.tsx';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import type { ConversationActions } from './actions.ts';
import { lookedAt } from './opened.ts';

const none = {};
/** So long a row must stay selected before its conversation is asked for (ms). */
const passingByMs = 200;

export interface NotHereProps {
  conversationId: Id;
  actions: ConversationActions;
  /** it stands in a list of this desk; else nothing at all of it is here */
  isListed: boolean;
}

/** A conversation whose words are not on this computer: it is fetched while the hub is there, and said so while it is not. */
export function NotHere({ conversationId, actions, isListed }: NotHereProps) {
  const { t } = useTranslation('conversation');
  const { core, clock } = useBridge();
  const wordsOf = useErrorWords();
  const [error, setError] = useState<AppError | null>(null);
  const [tries, setTries] = useState(0);
  const link = useDeskQuery(sessionQueries.status, none).data?.link.state;
  const isReachable = link === 'live' || link === 'catching-up';

  useEffect(() => {
    if (!isReachable) return;
    let isGone = false;
    setError(null);
    // Who only passes by with the arrow keys opens nothing: each opening is an access that is written down.
    const pause = clock.setTimeout(() => {
      void actions.open().then((refused) => {
        if (refused === null) lookedAt(core, conversationId, true);
        if (!isGone) setError(refused);
      });
    }, passingByMs);
    return () => {
      isGone = true;
      pause.cancel();
    };
  }, [isReachable, actions, core, clock, conversationId, tries]);

  if (error !== null) {
    const words = wordsOf(error);
    return (
      <EmptyState title={words.what} action={<Button onPress={() => setTries(tries + 1)}>{t('notHere.again')}</Button>}>
        {`${words.means} ${words.todo}`}
      </EmptyState>
    );
  }
  if (link === undefined || isReachable)
    return <EmptyState title={t('notHere.opening')}>{t('notHere.openingMeans')}</EmptyState>;
  return <EmptyState title={t('notHere.title')}>{isListed ? t('notHere.listed') : t('notHere.unlisted')}</EmptyState>;
}
