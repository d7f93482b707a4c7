import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type * as z from 'zod/mini';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { deskQuery } from '#renderer/bridge/query-client.ts';
import type { ThreadItem } from '#shared/conversation/model.ts';
import * as conversationQueries from '#shared/conversation/queries.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { joinPages, lastOrder, orderOf } from './thread-lines.ts';

/** How much of a thread is read at first, and with each page before it. */
export const firstPage = 60;
const earlierPage = 100;
const mostAtOnce = 200;

type Page = z.infer<typeof conversationQueries.thread.result>;

/** What the pages before the newest say together, oldest first. `hasEarlier` is null while there are none. */
function earlierPages(pages: readonly { data: Page | undefined; isPending: boolean }[]) {
  return {
    items: pages.map((page) => page.data?.items ?? []).reverse(),
    isReading: pages.some((page) => page.isPending),
    hasEarlier: pages.at(-1)?.data?.hasEarlier ?? null,
  };
}

/** A thread as the screen needs it. */
export interface ThreadState {
  readonly items: readonly ThreadItem[];
  /** false = this desk does not hold the conversation; null = not known yet */
  readonly isHeld: boolean | null;
  readonly hasEarlier: boolean;
  readonly error: AppError | null;
  readonly loadEarlier: () => void;
}

/**
 * Reads a thread from its end and, page by page, what stands before. Use it in a component keyed by the conversation.
 * Once an earlier page is there, the newest one grows instead of moving, so that no gap opens between them.
 */
export function useThread(conversationId: Id): ThreadState {
  const { core } = useBridge();
  const [starts, setStarts] = useState<readonly number[]>([]);
  const [limit, setLimit] = useState(firstPage);
  const newest = useDeskQuery(
    conversationQueries.thread,
    { conversationId, before: null, limit },
    { keepsPrevious: true },
  );
  const pages = useQueries({
    queries: starts.map((before) =>
      deskQuery(core, conversationQueries.thread, { conversationId, before, limit: earlierPage }),
    ),
    combine: earlierPages,
  });
  const tail = newest.data?.items;
  const items = useMemo(() => joinPages([...pages.items, tail ?? []]), [tail, pages.items]);

  // The newest page must reach back to where the earlier ones end.
  const end = starts[0];
  if (end !== undefined && tail !== undefined && limit < mostAtOnce && lastOrder(tail) - end + 20 > limit)
    setLimit(mostAtOnce);
  if (end !== undefined && tail !== undefined && limit === mostAtOnce && lastOrder(tail) - end > mostAtOnce - 20)
    setStarts([]);

  const { isReading } = pages;
  const first = items[0] === undefined ? null : orderOf(items[0]);
  const hasEarlier = pages.hasEarlier ?? newest.data?.hasEarlier ?? false;
  const loadEarlier = useCallback(() => {
    if (hasEarlier && !isReading && first !== null)
      setStarts((known) => (known.includes(first) ? known : [...known, first]));
  }, [hasEarlier, isReading, first]);

  return { items, isHeld: newest.data?.isHeld ?? null, hasEarlier, error: newest.error, loadEarlier };
}
