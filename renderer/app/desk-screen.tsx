import { Inbox } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useDeskQuery, useWarm, type WarmQuery, warm } from '#renderer/bridge/bridge.tsx';
import { ConversationPane } from '#renderer/features/conversation/conversation-pane.tsx';
import { firstPage } from '#renderer/features/conversation/use-thread.ts';
import { ContextPane } from '#renderer/features/customer/context-pane.tsx';
import { InboxPane } from '#renderer/features/inbox/inbox-pane.tsx';
import { EmptyState } from '#renderer/ui/notice.tsx';
import { Panes, type PaneWidths, usePanes } from '#renderer/ui/panes.tsx';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import * as conversationQueries from '#shared/conversation/queries.ts';
import * as customerQueries from '#shared/customer/queries.ts';
import type { InboxRow } from '#shared/inbox/model.ts';
import * as inboxQueries from '#shared/inbox/queries.ts';
import type { Me } from '#shared/session/model.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import type { Places } from './places.ts';

const unfiltered = { filter: '' };

/** The conversations to have at hand: one's own first six, and those beside the selected one. */
function atHand(rows: readonly InboxRow[], own: readonly InboxRow[], selectedId: string | null): InboxRow[] {
  const at = rows.findIndex((r) => r.head.id === selectedId);
  const beside = at < 0 ? rows.slice(0, 2) : [rows[at - 1], rows[at], rows[at + 1]];
  const all = [...own.slice(0, 6), ...beside].filter((r) => r !== undefined);
  return [...new Map(all.map((r) => [r.head.id, r])).values()];
}

function warmed(row: InboxRow): WarmQuery[] {
  const conversationId = row.head.id;
  return [
    warm(conversationQueries.head, { conversationId }),
    warm(conversationQueries.thread, { conversationId, before: null, limit: firstPage }),
    warm(conversationQueries.draft, { conversationId }),
    warm(customerQueries.card, { customerId: row.head.customerId }),
  ];
}

export interface DeskScreenProps {
  me: Me;
  places: Places;
  widths: PaneWidths | null;
  onWidths: (widths: PaneWidths) => void;
}

/** The desk itself: the work, the conversation, and who it is with. */
export function DeskScreen({ me, places, widths, onWidths }: DeskScreenProps) {
  const { t } = useTranslation('app');
  const where = useStore(places.store);
  const { conversationId } = where;
  const list = useDeskQuery(inboxQueries.list, unfiltered).data;
  const warmNow = useMemo(() => {
    const sections = list?.sections ?? [];
    const rows = sections.flatMap((s) => s.rows);
    const own = sections.find((s) => s.kind === 'yours')?.rows ?? [];
    return atHand(rows, own, conversationId).flatMap(warmed);
  }, [list, conversationId]);
  useWarm(warmNow);

  return (
    <Panes
      labels={{ inbox: t('pane.inbox'), conversation: t('pane.conversation'), context: t('pane.context') }}
      current={where.pane}
      onShowInbox={places.showInbox}
      onWidths={onWidths}
      {...(widths === null ? {} : { widths })}
      inbox={
        <ErrorBoundary>
          <InboxPane myId={me.person.id} selectedId={conversationId} onSelect={places.show} focusAt={where.listAt} />
        </ErrorBoundary>
      }
      conversation={
        <ErrorBoundary resetKey={conversationId ?? ''}>
          <ContextKey />
          {conversationId === null ? (
            <EmptyState title={t('nothingOpen.title')} icon={<Inbox size="1.25rem" aria-hidden />}>
              {t('nothingOpen.means')}
            </EmptyState>
          ) : (
            <ConversationPane
              conversationId={conversationId}
              me={me}
              focusAt={where.writeAt}
              onLeave={places.showInbox}
            />
          )}
        </ErrorBoundary>
      }
      context={
        <ErrorBoundary resetKey={conversationId ?? ''}>
          {conversationId === null ? (
            <EmptyState title={t('noContext.title')}>{t('noContext.means')}</EmptyState>
          ) : (
            <ContextOf conversationId={conversationId} />
          )}
        </ErrorBoundary>
      }
    />
  );
}

function ContextOf({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('app');
  const head = useDeskQuery(conversationQueries.head, { conversationId }).data;
  if (!head) return <EmptyState title={t('noContext.title')}>{t('noContext.means')}</EmptyState>;
  return <ContextPane customerId={head.customerId} conversationId={conversationId} />;
}

/** The key that shows or hides the context; it works on the panes it stands in. */
function ContextKey() {
  const { t } = useTranslation('app');
  const { toggleContext } = usePanes();
  useShortcut({
    id: 'desk.context',
    label: t('keys.context'),
    keys: 'i',
    scope: 'global',
    section: t('keys.section'),
    run: toggleContext,
  });
  return null;
}
