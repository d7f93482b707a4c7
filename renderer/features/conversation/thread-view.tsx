import { ArrowDown } from 'lucide-react';
import { type Ref, useCallback, useMemo, useState } from 'react';
import { useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ThreadLine as Separator } from '#renderer/ui/bubble.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { dateFormat } from '#renderer/ui/format.ts';
import { Inline, Spacer } from '#renderer/ui/layout.tsx';
import { LoadingHint } from '#renderer/ui/notice.tsx';
import { useNow } from '#renderer/ui/now.tsx';
import { type ThreadHandle, VirtualThread } from '#renderer/ui/virtual-thread.tsx';
import { RefusedGroup, type RefusedGroupProps } from './refused-group.tsx';
import { lastOrder, type ThreadLine, threadLines } from './thread-lines.ts';
import { ThreadMessage } from './thread-message.tsx';
import type { ThreadState } from './use-thread.ts';

const dayOf = (at: number): string => new Date(at).toDateString();

/** Today, yesterday, or the date. */
function DayWords({ at }: { at: number }) {
  const { locale } = useLocale();
  return useNow((now) => {
    const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
    const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
    if (days === 0 || days === -1) {
      const [first = '', ...rest] = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
      return first.toLocaleUpperCase(locale) + rest.join('');
    }
    const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return dateFormat(locale, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      ...(isThisYear ? {} : { year: 'numeric' }),
    }).format(at);
  });
}

export interface ThreadViewProps extends Omit<RefusedGroupProps, 'items'> {
  thread: ThreadState;
  customerName: string;
  /** the whole of the newest is in view, or no longer */
  onAtEnd: (isAtEnd: boolean) => void;
  ref: Ref<ThreadHandle>;
  onJumpToEnd: () => void;
}

/** The thread: messages, notes and what happened, by day; what was refused stands last, with what can be done. */
export function ThreadView({ thread, customerName, onAtEnd, ref, onJumpToEnd, ...group }: ThreadViewProps) {
  const { t } = useTranslation('conversation');
  const lines = useMemo(() => threadLines(thread.items, dayOf), [thread.items]);
  const newest = lastOrder(thread.items);
  const [endedAt, setEndedAt] = useState(newest);
  const [isAtEnd, setAtEnd] = useState(true);
  if (isAtEnd && endedAt !== newest) setEndedAt(newest);
  const atEnd = useCallback(
    (is: boolean) => {
      setAtEnd(is);
      onAtEnd(is);
    },
    [onAtEnd],
  );
  const render = (line: ThreadLine) => {
    if (line.kind === 'day') {
      return (
        <Separator>
          <DayWords at={line.at} />
        </Separator>
      );
    }
    if (line.kind === 'group') return <RefusedGroup {...group} items={line.items} />;
    return <ThreadMessage item={line.item} myId={group.myId} />;
  };
  return (
    <>
      <VirtualThread
        ref={ref}
        label={t('threadLabel', { name: customerName })}
        items={lines}
        keyOf={(line) => line.key}
        render={render}
        onNearStart={thread.hasEarlier ? thread.loadEarlier : undefined}
        onAtEnd={atEnd}
        start={thread.hasEarlier ? <LoadingHint isFirst /> : null}
      />
      {!isAtEnd && newest > endedAt ? (
        <Inline pad="sm">
          <Spacer />
          <Button icon={<ArrowDown size="0.875rem" aria-hidden />} onPress={onJumpToEnd}>
            {t('newBelow', { count: newest - endedAt })}
          </Button>
          <Spacer />
        </Inline>
      ) : null}
    </>
  );
}
