import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { DiscardDialog } from '#renderer/ui/discard-dialog.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Stack } from '#renderer/ui/layout.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import type { ThreadItem } from '#shared/conversation/model.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import type { ConversationActions } from './actions.ts';
import { ThreadMessage } from './thread-message.tsx';

const none = {};

function textOf(item: ThreadItem): string {
  if (item.kind === 'message') return item.message.text;
  return item.kind === 'note' ? item.note.text : '';
}

export interface RefusedGroupProps {
  conversationId: Id;
  items: readonly ThreadItem[];
  myId: Id;
  actions: ConversationActions;
  /** Takes the words back into the composer; they are on disk again when the promise settles. */
  onEdit: (item: ThreadItem, text: string) => Promise<void>;
  onError: (error: AppError) => void;
}

/** What was not sent, together with what waits behind it: why, and the three things to do about it. */
export function RefusedGroup({ conversationId, items, myId, actions, onEdit, onError }: RefusedGroupProps) {
  const { t } = useTranslation('conversation');
  const wordsOf = useErrorWords();
  const [isDiscarding, setDiscarding] = useState(false);
  const outbox = useDeskQuery(sessionQueries.outbox, none).data;
  const stuck = (outbox?.items ?? []).filter(
    (i) => i.conversationId === conversationId && (i.state === 'refused' || i.state === 'held' || i.state === 'failed'),
  );
  const ns =
    stuck.length > 0 ? stuck.map((i) => i.n) : items.flatMap((i) => (i.kind !== 'event' && i.n !== null ? [i.n] : []));
  const error =
    stuck.find((i) => i.error !== null && i.state !== 'held')?.error ??
    items.flatMap((i) => (i.kind === 'event' || !i.error ? [] : [i.error]))[0];
  const words = error ? wordsOf(error) : null;
  const isResolveHeld = stuck.some((i) => i.kind === 'conversation.resolve');
  const run = (answer: Promise<AppError | null>): void => {
    void answer.then((refused) => refused && onError(refused));
  };
  return (
    <Stack gap="sm">
      <Banner
        tone="bad"
        action={
          <>
            <Button onPress={() => run(actions.sendAgain(ns))}>{t('refused.again', { count: ns.length })}</Button>
            <Button variant="danger" onPress={() => setDiscarding(true)}>
              {t('refused.discard')}
            </Button>
          </>
        }
      >
        {words ? `${words.what} ${words.means} ${words.todo}` : t('refused.unknown')}
        {isResolveHeld ? ` ${t('refused.resolveHeld')}` : null}
      </Banner>
      {items.map((item) => (
        <ThreadMessage
          key={item.kind === 'message' ? item.message.id : item.kind === 'note' ? item.note.id : item.event.id}
          item={item}
          myId={myId}
        >
          <Button variant="quiet" onPress={() => void onEdit(item, textOf(item))}>
            {t('refused.edit')}
          </Button>
        </ThreadMessage>
      ))}
      <DiscardDialog
        count={isDiscarding ? ns.length : 0}
        onClose={() => setDiscarding(false)}
        onConfirm={(reason) => run(actions.giveUp(ns, reason))}
      />
    </Stack>
  );
}
