import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { SearchField } from '#renderer/ui/fields.tsx';
import { Stack } from '#renderer/ui/layout.tsx';
import { RowList, RowSection } from '#renderer/ui/list-row.tsx';
import { EmptyState, LoadingHint } from '#renderer/ui/notice.tsx';
import { PaneHeader } from '#renderer/ui/panes.tsx';
import { takeFocus } from '#renderer/ui/take-focus.ts';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import type { InboxRow, InboxSection } from '#shared/inbox/model.ts';
import * as inboxQueries from '#shared/inbox/queries.ts';
import type { Id } from '#shared/lib/ids.ts';
import { ArrivalVoice } from './arrival-voice.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { QuickSwitch } from './quick-switch.tsx';
import { neighbour, rowsInOrder } from './row-words.ts';

export interface InboxPaneProps {
  myId: Id;
  selectedId: Id | null;
  /** `isWriting`: the composer should take the focus */
  onSelect: (id: Id, isWriting: boolean) => void;
  /** a new number moves the focus to the selected row */
  focusAt: number | null;
}

function useSectionTitle(): (section: InboxSection) => string {
  const { t } = useTranslation('inbox');
  return useCallback((section) => t(`section.${section.kind}`, { team: section.teamName ?? '' }), [t]);
}

/** The work in front of a person: theirs, what waits, what colleagues have, what was resolved lately. */
export function InboxPane({ myId, selectedId, onSelect, focusAt }: InboxPaneProps) {
  const { t } = useTranslation('inbox');
  const wordsOf = useErrorWords();
  const titleOf = useSectionTitle();
  const [filter, setFilter] = useState('');
  const [isFiltering, setFiltering] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const filterButton = useRef<HTMLButtonElement>(null);
  const { data, error } = useDeskQuery(inboxQueries.list, { filter: filter.trim() }, { keepsPrevious: true });
  const sections = useMemo(() => (data?.sections ?? []).filter((s) => s.rows.length > 0), [data]);
  const rows = useMemo(() => rowsInOrder(sections), [sections]);
  const ids = useMemo(() => rows.map((r) => r.head.id), [rows]);
  const yours = sections.find((s) => s.kind === 'yours');

  // The desk opens on the first thing to do, ready to write.
  useEffect(() => {
    const first = ids[0];
    if (selectedId === null && filter === '' && first !== undefined) onSelect(first, true);
  }, [selectedId, filter, ids, onSelect]);

  const row = useCallback(
    (): HTMLElement | null =>
      list.current?.querySelector<HTMLElement>('[role="option"][aria-selected="true"]') ??
      list.current?.querySelector<HTMLElement>('[role="option"]') ??
      null,
    [],
  );
  const focusRow = useCallback((): void => row()?.focus(), [row]);
  // Who comes to the list must arrive: a filter that hides every row goes; until there are rows the first control has the focus.
  const [isDue, setDue] = useState(false);
  const [askedAt, setAskedAt] = useState<number | null>(null);
  if (askedAt !== focusAt) {
    setAskedAt(focusAt);
    setDue(focusAt !== null);
  }
  const hasRows = rows.length > 0;
  useEffect(() => {
    if (!isDue) return;
    if (!hasRows) {
      setFilter('');
      setFiltering(false);
      filterButton.current?.focus();
      return;
    }
    setDue(false);
    takeFocus(row);
  }, [isDue, hasRows, row]);
  // Keys that choose another row, and rows that go away, take the focus along while it is in the list.
  useEffect(() => {
    if (list.current?.contains(document.activeElement)) focusRow();
  }, [selectedId, focusRow]);

  const openFilter = (): void => {
    setFiltering(true);
    queueMicrotask(() => field.current?.focus());
  };
  const closeFilter = (): void => {
    setFilter('');
    setFiltering(false);
    setDue(true);
  };
  const section = t('keys.section');
  const step = (by: 1 | -1): void => {
    const next = neighbour(ids, selectedId, by);
    if (next !== null) onSelect(next, false);
  };
  useShortcut({ id: 'inbox.filter', label: t('keys.filter'), keys: '/', scope: 'global', section, run: openFilter });
  useShortcut({
    id: 'inbox.next',
    label: t('keys.next'),
    keys: 'j|$mod+Alt+ArrowDown',
    scope: 'global',
    section,
    run: () => step(1),
  });
  useShortcut({
    id: 'inbox.previous',
    label: t('keys.previous'),
    keys: 'k|$mod+Alt+ArrowUp',
    scope: 'global',
    section,
    run: () => step(-1),
  });

  const empty =
    data === undefined ? (
      <Stack pad="lg">
        {error === null ? (
          <LoadingHint isFirst />
        ) : (
          <EmptyState title={wordsOf(error).what}>{wordsOf(error).todo}</EmptyState>
        )}
      </Stack>
    ) : filter === '' ? (
      <EmptyState title={t('empty.title')}>{t('empty.means')}</EmptyState>
    ) : (
      <EmptyState title={t('noMatch.title')} action={<Button onPress={closeFilter}>{t('noMatch.clear')}</Button>}>
        {t('noMatch.means', { filter })}
      </EmptyState>
    );

  // The same elements while only the selection moves: the list then need not be built again.
  const listed = useMemo(
    () =>
      sections.map((s) => (
        <RowSection key={`${s.kind} ${s.teamId ?? ''}`} title={titleOf(s)} count={s.total}>
          {s.rows.map((row) => (
            <ConversationRow key={row.head.id} row={row} section={s.kind} myId={myId} />
          ))}
        </RowSection>
      )),
    [sections, titleOf, myId],
  );

  return (
    <>
      <PaneHeader
        title={t('title')}
        actions={
          <Button
            ref={filterButton}
            variant="quiet"
            keyHint="/"
            aria-expanded={isFiltering}
            onPress={isFiltering ? closeFilter : openFilter}
          >
            {t('filter')}
          </Button>
        }
      >
        {yours === undefined ? null : <Chip>{t('count', { count: yours.total })}</Chip>}
      </PaneHeader>
      {isFiltering ? (
        <Stack pad="sm">
          <SearchField
            ref={field}
            label={t('filterLabel')}
            value={filter}
            onChange={setFilter}
            onClear={closeFilter}
            onSubmit={focusRow}
          />
        </Stack>
      ) : null}
      {rows.length === 0 ? (
        empty
      ) : (
        <RowList
          ref={list}
          label={t('listLabel')}
          rowCount={rows.length}
          selectedId={selectedId !== null && ids.includes(selectedId) ? selectedId : null}
          onSelect={(id) => {
            if (id !== selectedId) onSelect(id, false);
          }}
          onEnter={(id) => onSelect(id, true)}
        >
          {listed}
        </RowList>
      )}
      <QuickSwitch rows={yours?.rows ?? noRows} onSelect={onSelect} />
      <ArrivalVoice rows={rows} selectedId={selectedId} />
    </>
  );
}

const noRows: readonly InboxRow[] = [];
