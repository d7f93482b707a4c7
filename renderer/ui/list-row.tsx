import type { ReactNode, Ref } from 'react';
import {
  Collection,
  Header,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  ListLayout,
  SelectableCollectionContext,
  Virtualizer,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ChannelIcon, type ChannelKind } from './channel-icon.tsx';
import { type Tone, toneText } from './tone.ts';

// Letters are shortcuts in the list, so typing must not jump to a name.
const noTypeAhead = { disallowTypeAhead: true };

export interface RowListProps {
  /** Its name for screen readers. */
  label: string;
  selectedId: string | null;
  onSelect: (id: string) => void;
  /** RowSections or ListRows. */
  children: ReactNode;
  /** Shown in place of rows when there are none. */
  empty?: ReactNode;
  /** Arrow keys open as they move (default); otherwise Enter opens. */
  isFollowingFocus?: boolean;
  /** Enter on a row, or a double click: go on with it. */
  onEnter?: (id: string) => void;
  /** How many rows there are: from some tens on only those in view are drawn. */
  rowCount?: number;
  ref?: Ref<HTMLDivElement>;
}

/** Up to here all rows are drawn: simpler for the browser's own search and for short lists the quicker way. */
const fewRows = 60;
const longLayout = { estimatedRowHeight: 56, estimatedHeadingHeight: 34 };

/** A list of rows with one selected: arrow keys, Home and End move; it scrolls by itself. */
export function RowList(props: RowListProps) {
  const { label, selectedId, onSelect, children, empty, isFollowingFocus = true, onEnter, rowCount = 0, ref } = props;
  const list = (
    <ListBox
      {...(ref === undefined ? {} : { ref })}
      aria-label={label}
      selectionMode="single"
      selectionBehavior={isFollowingFocus ? 'replace' : 'toggle'}
      disallowEmptySelection
      selectedKeys={selectedId === null ? [] : [selectedId]}
      onSelectionChange={(keys) => {
        if (keys === 'all') return;
        for (const key of keys) onSelect(String(key));
      }}
      {...(onEnter === undefined ? {} : { onAction: (key) => onEnter(String(key)) })}
      renderEmptyState={() => empty}
      className="min-h-0 flex-1 overflow-y-auto pb-2 outline-none"
    >
      {children}
    </ListBox>
  );
  return (
    <SelectableCollectionContext value={noTypeAhead}>
      {rowCount > fewRows ? (
        <Virtualizer layout={ListLayout} layoutOptions={longLayout}>
          {list}
        </Virtualizer>
      ) : (
        list
      )}
    </SelectableCollectionContext>
  );
}

/** Rows under a heading with their number. */
export function RowSection({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <ListBoxSection>
      <Header className="num flex gap-1.5 px-4 pt-3 pb-1 text-xs font-semibold text-ink-3">
        {title}
        {count === undefined ? null : <span>{count}</span>}
      </Header>
      <Collection>{children}</Collection>
    </ListBoxSection>
  );
}

export interface ListRowProps {
  id: string;
  channel: ChannelKind;
  name: string;
  isUnread?: boolean;
  /** Age, or a word in its place ("snoozed"). */
  when: ReactNode;
  /** What it is about: the last words. From outside, shown as text. */
  what: string;
  /** The person's own unsent words; they stand in place of `what`. */
  draft?: string | undefined;
  /** The clock that matters, or a word ("1 waiting"). */
  flag?: ReactNode;
  flagTone?: Tone;
}

/** Two lines: who and age; what and the clock that matters. Bold is unread. */
export function ListRow(props: ListRowProps) {
  const { id, channel, name, isUnread = false, when, what, draft, flag, flagTone = 'neutral' } = props;
  const { t } = useTranslation('ui');
  return (
    <ListBoxItem
      id={id}
      textValue={name}
      className="ring-focus-inside grid cursor-default grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 border-s-3 border-transparent forced-colors:border-[Canvas] py-[9px] ps-[13px] pe-4 transition-colors hover:bg-hover selected:border-accent selected:bg-chosen forced-colors:selected:border-[Highlight]"
    >
      <span className="mt-0.5 text-ink-3">
        <ChannelIcon channel={channel} />
      </span>
      {/* Each line has its own end: a long flag does not cut the name above it. */}
      <span className="flex min-w-0 flex-col gap-0.5">
        <span className="flex min-w-0 items-baseline gap-2">
          <span
            dir="auto"
            title={name}
            className={`min-w-0 flex-1 truncate [text-align:-webkit-match-parent] ${isUnread ? 'font-[650]' : 'font-medium'}`}
          >
            {name}
            <span className="sr-only">
              {`, ${t(`channel.${channel}`)}`}
              {isUnread ? `, ${t('row.unread')}` : null}
            </span>
          </span>
          <span className="num shrink-0 text-end text-xs text-ink-3">{when}</span>
        </span>
        <span className="flex min-w-0 items-baseline gap-2">
          <span dir="auto" className="min-w-0 flex-1 truncate text-sm text-ink-2">
            {draft === undefined ? (
              what
            ) : (
              <>
                <span className="text-accent-ink">{t('row.draft')}</span> · {draft}
              </>
            )}
          </span>
          <span
            className={`num max-w-[45%] shrink-0 truncate text-end text-xs/[1.0625rem] font-medium ${toneText({ tone: flagTone })}`}
          >
            {flag}
          </span>
        </span>
      </span>
    </ListBoxItem>
  );
}
