import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';

/** What a screen may ask of the thread. */
export interface ThreadHandle {
  scrollToEnd(): void;
  /** One page up or down, for keys that work elsewhere. */
  scrollBy(pages: number): void;
}

export interface VirtualThreadProps<T> {
  label: string;
  items: readonly T[];
  /** Stable names: what is on screen stays where it is when earlier items come in above. */
  keyOf: (item: T) => string;
  render: (item: T) => ReactNode;
  /** The reader came near the first item. */
  onNearStart?: (() => void) | undefined;
  /** Whether the newest item is in view. */
  onAtEnd?: ((isAtEnd: boolean) => void) | undefined;
  /** Stands above the first item. */
  start?: ReactNode;
  ref?: Ref<ThreadHandle>;
}

const nearStart = 400;

/**
 * A thread of any length: only what is in view is drawn, newest at the bottom, and it starts there.
 * New items are followed only by a reader who is at the end. Scrolls by keys as well.
 */
export function VirtualThread<T>(props: VirtualThreadProps<T>) {
  const { label, items, keyOf, render, onNearStart, onAtEnd, start, ref } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const wasAtEnd = useRef<boolean | null>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    estimateSize: () => 76,
    gap: 10,
    paddingStart: 16,
    paddingEnd: 16,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: 80,
    initialOffset: items.length * 86,
    initialRect: { width: 600, height: 900 },
  });

  useImperativeHandle(ref, () => ({
    scrollToEnd: () => virtualizer.scrollToEnd(),
    scrollBy: (pages) => scroller.current?.scrollBy({ top: pages * (scroller.current.clientHeight - 60) }),
  }));

  // The first measuring may leave the last line a little short of the end.
  const hasItems = items.length > 0;
  useEffect(() => {
    if (hasItems) virtualizer.scrollToEnd();
  }, [virtualizer, hasItems]);

  const offset = virtualizer.scrollOffset ?? 0;
  const height = virtualizer.scrollRect?.height ?? 0;
  const isAtEnd = virtualizer.getTotalSize() - offset - height <= 80;
  useEffect(() => {
    if (wasAtEnd.current === isAtEnd) return;
    wasAtEnd.current = isAtEnd;
    onAtEnd?.(isAtEnd);
  }, [isAtEnd, onAtEnd]);
  // Only a reader who goes back wants more; opening passes by the start on its way to the end.
  const isGoingBack = virtualizer.scrollDirection === 'backward' || virtualizer.getTotalSize() <= height;
  const isNearStart = hasItems && isGoingBack && offset < nearStart;
  const firstKey = items[0] === undefined ? '' : keyOf(items[0]);
  useEffect(() => {
    if (isNearStart && firstKey !== '') onNearStart?.();
  }, [isNearStart, firstKey, onNearStart]);

  return (
    <div
      ref={scroller}
      role="region"
      aria-label={label}
      // A scrolling part without controls must still be scrollable by keys.
      tabIndex={0}
      className="ring-focus-inside flex min-h-0 flex-1 flex-col overflow-y-auto [overflow-anchor:none]"
    >
      {start}
      <div className="relative mt-auto w-full shrink-0" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              className="absolute inset-x-0 top-0 flex flex-col px-5"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {render(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
