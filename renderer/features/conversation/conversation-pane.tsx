import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Stack } from '#renderer/ui/layout.tsx';
import { Banner, EmptyState, LoadingHint } from '#renderer/ui/notice.tsx';
import { useShortcut, useShortcutScope } from '#renderer/ui/use-shortcuts.tsx';
import type { ThreadHandle } from '#renderer/ui/virtual-thread.tsx';
import type { Head, ThreadItem } from '#shared/conversation/model.ts';
import * as conversationQueries from '#shared/conversation/queries.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Me } from '#shared/session/model.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { useConversationActions } from './actions.ts';
import { Composer } from './composer.tsx';
import { MoveDialog, ResolveDialog } from './conversation-dialogs.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { CustomerVoice } from './customer-voice.tsx';
import { useDrafts } from './drafts-context.tsx';
import { NotHere } from './not-here.tsx';
import { lookedAt } from './opened.ts';
import { lastCustomerOrder, lastOrder } from './thread-lines.ts';
import { ThreadView } from './thread-view.tsx';
import { type ThreadState, useThread } from './use-thread.ts';

const none = {};

export interface ConversationPaneProps {
  conversationId: Id;
  me: Me;
  /** a new number moves the focus into the composer; null leaves it where it is */
  focusAt: number | null;
  /** Escape in the composer: back to the list */
  onLeave: () => void;
}

/** One conversation. All of its state hangs on its id: another one is another component. */
export function ConversationPane(props: ConversationPaneProps) {
  return <Conversation key={props.conversationId} {...props} />;
}

function Conversation({ conversationId, me, focusAt, onLeave }: ConversationPaneProps) {
  const head = useDeskQuery(conversationQueries.head, { conversationId });
  const thread = useThread(conversationId);
  useShortcutScope('conversation');
  if (head.data === undefined || thread.isHeld === null) return <Waiting error={head.error ?? thread.error} />;
  return (
    <Loaded
      head={head.data}
      thread={thread}
      conversationId={conversationId}
      me={me}
      focusAt={focusAt}
      onLeave={onLeave}
    />
  );
}

function Waiting({ error }: { error: AppError | null }) {
  const wordsOf = useErrorWords();
  const { t } = useTranslation('conversation');
  if (error === null)
    return (
      <Stack isFilling pad="lg">
        <LoadingHint isFirst />
      </Stack>
    );
  const words = wordsOf(error);
  return (
    <EmptyState title={words.what}>{`${words.means} ${words.todo} ${t('code', { code: words.code })}`}</EmptyState>
  );
}

type LoadedProps = ConversationPaneProps & { head: Head | null; thread: ThreadState };

function Loaded({ head, thread, conversationId, me, focusAt, onLeave }: LoadedProps) {
  const { t } = useTranslation('conversation');
  const drafts = useDrafts();
  const wordsOf = useErrorWords();
  const { core } = useBridge();
  const actions = useConversationActions(conversationId);
  const people = useDeskQuery(sessionQueries.people, none).data?.people ?? [];
  const [dialog, setDialog] = useState<'resolve' | 'move' | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [editAt, setEditAt] = useState<number | null>(null);
  const view = useRef<ThreadHandle>(null);
  const seen = lastCustomerOrder(thread.items);
  const newest = lastOrder(thread.items);
  const ownerName = people.find((p) => p.person.id === head?.ownerId)?.person.name ?? '';

  useEffect(() => lookedAt(core, conversationId, false), [core, conversationId]);

  // Seen is what was on screen while the person was there.
  const lastSeen = useRef(0);
  const tellSeen = useCallback(() => {
    if (!isAtEnd || newest <= lastSeen.current || document.visibilityState !== 'visible' || !document.hasFocus())
      return;
    lastSeen.current = newest;
    actions.seenUpTo(newest);
  }, [isAtEnd, newest, actions]);
  useEffect(() => {
    tellSeen();
    window.addEventListener('focus', tellSeen);
    return () => window.removeEventListener('focus', tellSeen);
  }, [tellSeen]);

  const run = (answer: Promise<AppError | null>): void => void answer.then(setError);
  useShortcut({
    id: 'conversation.end',
    label: t('keys.end'),
    keys: 'g e',
    scope: 'conversation',
    section: t('keys.section'),
    run: () => view.current?.scrollToEnd(),
  });
  useShortcut({
    id: 'conversation.up',
    label: t('keys.up'),
    keys: '$mod+ArrowUp',
    scope: 'conversation',
    section: t('keys.section'),
    run: () => view.current?.scrollBy(-1),
  });
  useShortcut({
    id: 'conversation.down',
    label: t('keys.down'),
    keys: '$mod+ArrowDown',
    scope: 'conversation',
    section: t('keys.section'),
    run: () => view.current?.scrollBy(1),
  });

  // What was refused goes back into the composer: on disk as a draft first, only then out of the outbox.
  const edit = async (item: ThreadItem, text: string): Promise<void> => {
    if (item.kind === 'event' || item.n === null) return;
    drafts.giveBack(conversationId, { kind: item.kind === 'note' ? 'note' : 'reply', text });
    await drafts.flush(conversationId);
    setEditAt(item.n);
    setError(await actions.giveUp([item.n], t('refused.editedReason')));
  };

  if (head === null) return <NotHere conversationId={conversationId} actions={actions} isListed={false} />;
  return (
    <>
      <ConversationHeader
        head={head}
        me={me}
        ownerName={ownerName}
        seen={seen}
        onTake={() => run(actions.take())}
        onRelease={() => run(actions.release())}
        onMove={() => setDialog('move')}
        onResolve={() => setDialog('resolve')}
      />
      {thread.isHeld ? (
        <ThreadView
          ref={view}
          thread={thread}
          customerName={head.customerName}
          conversationId={conversationId}
          myId={me.person.id}
          actions={actions}
          onAtEnd={setAtEnd}
          onJumpToEnd={() => view.current?.scrollToEnd()}
          onEdit={edit}
          onError={setError}
        />
      ) : (
        <NotHere conversationId={conversationId} actions={actions} isListed />
      )}
      {error === null ? null : (
        <Banner
          tone="bad"
          place="composer"
          isUrgent
          action={
            <Button variant="quiet" onPress={() => setError(null)}>
              {t('dismiss')}
            </Button>
          }
        >
          {`${wordsOf(error).what} ${wordsOf(error).means} ${wordsOf(error).todo}`}
        </Banner>
      )}
      {thread.isHeld ? (
        <>
          <CustomerVoice conversationId={conversationId} customerName={head.customerName} items={thread.items} />
          <Composer
            head={head}
            me={me}
            ownerName={ownerName}
            actions={actions}
            seen={seen}
            focusAt={editAt ?? focusAt}
            onLeave={onLeave}
            onSent={() => view.current?.scrollToEnd()}
          />
        </>
      ) : null}
      <ResolveDialog
        head={head}
        isOpen={dialog === 'resolve'}
        onOpenChange={(isOpen) => setDialog(isOpen ? 'resolve' : null)}
        onResolve={(resolution, comment) => run(actions.resolve(resolution, comment, seen))}
      />
      <MoveDialog
        head={head}
        isOpen={dialog === 'move'}
        onOpenChange={(isOpen) => setDialog(isOpen ? 'move' : null)}
        onMove={(teamId, reason) => run(actions.move(teamId, reason))}
      />
    </>
  );
}
