import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Bubble, ThreadLine } from '#renderer/ui/bubble.tsx';
import { useSpanSince } from '#renderer/ui/span.ts';
import { TimeOfDay } from '#renderer/ui/time-text.tsx';
import type { Delivery, ThreadEvent, ThreadItem } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import * as sessionQueries from '#shared/session/queries.ts';

const none = {};

/** Why something still waits: the hub is out of reach, and for how long; or it is on its way. */
function WaitingWords({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('conversation');
  const status = useDeskQuery(sessionQueries.status, none).data;
  const since = status?.link.state === 'unreachable' ? status.link.since + status.clockOffset : null;
  const span = useSpanSince(since);
  if (since !== null) return t('delivery.waitingFor', { span });
  return delivery === 'sending' ? t('delivery.sending') : t('delivery.waiting');
}

function DeliveryWord({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('conversation');
  switch (delivery) {
    case 'none':
      return null;
    case 'waiting':
    case 'sending':
      return <WaitingWords delivery={delivery} />;
    case 'sent':
    case 'delivered':
    case 'read':
    case 'held':
      return t(`delivery.${delivery}`);
    case 'not-sent':
      return t('delivery.notSent');
    default:
      return assertNever(delivery);
  }
}

type State = 'sent' | 'waiting' | 'refused';

function stateOf(delivery: Delivery): State {
  if (delivery === 'waiting' || delivery === 'sending') return 'waiting';
  return delivery === 'not-sent' || delivery === 'held' ? 'refused' : 'sent';
}

export interface ThreadMessageProps {
  item: ThreadItem;
  myId: Id;
  /** what can be done with a refused one */
  children?: ReactNode;
}

/** One line of the thread: a message, a note, or what happened. */
export function ThreadMessage({ item, myId, children }: ThreadMessageProps) {
  const { t } = useTranslation('conversation');
  if (item.kind === 'event') return <EventLine event={item.event} isWaiting={item.isWaiting} myId={myId} />;
  const state = stateOf(item.delivery);
  const word =
    item.delivery === 'none' ? null : (
      <span>
        <DeliveryWord delivery={item.delivery} />
      </span>
    );
  if (item.kind === 'note') {
    const { note } = item;
    const isOwn = note.authorId === myId;
    return (
      <Bubble
        kind="note"
        state={state}
        by={t('by.note', { name: note.authorName })}
        text={note.text}
        meta={
          <>
            <span>{t('noteLabel')}</span>
            {isOwn ? null : <span dir="auto">{note.authorName}</span>}
            {state === 'sent' ? <TimeOfDay at={note.at} /> : word}
          </>
        }
      >
        {children}
      </Bubble>
    );
  }
  const { message } = item;
  const time = <TimeOfDay at={message.at} />;
  if (message.from === 'system') {
    return (
      <ThreadLine>
        {message.text} · {time}
      </ThreadLine>
    );
  }
  if (message.from !== 'agent') {
    const isBot = message.from === 'bot';
    const by = isBot ? t('by.bot') : message.authorName;
    const meta = (
      <>
        {isBot ? <span>{by}</span> : null}
        {time}
      </>
    );
    return <Bubble kind={isBot ? 'bot' : 'in'} by={by} text={message.text} meta={meta} />;
  }
  const isOwn = message.authorId === myId;
  return (
    <Bubble
      kind="out"
      state={state}
      by={isOwn ? t('by.you') : message.authorName}
      text={message.text}
      meta={
        <>
          {isOwn ? null : <span dir="auto">{message.authorName}</span>}
          {state === 'sent' ? time : null}
          {word}
        </>
      }
    >
      {children}
    </Bubble>
  );
}

/** What happened to the conversation. */
function EventLine({ event, isWaiting, myId }: { event: ThreadEvent; isWaiting: boolean; myId: Id }) {
  const { t } = useTranslation('conversation');
  const detail =
    event.what === 'resolved' && event.detail !== ''
      ? t(`resolution.${event.detail}`, { defaultValue: event.detail })
      : event.detail;
  const who = event.byId === myId ? 'you' : event.byName === '' ? 'nobody' : 'other';
  const words = t(`event.${event.what}.${who}`, { name: event.byName, detail });
  return (
    <ThreadLine>
      {words} · <TimeOfDay at={event.at} />
      {event.comment === undefined ? null : (
        <>
          {' · '}
          <bdi>{t('eventComment', { comment: event.comment })}</bdi>
        </>
      )}
      {isWaiting ? ` · ${t('delivery.waiting')}` : null}
    </ThreadLine>
  );
}
