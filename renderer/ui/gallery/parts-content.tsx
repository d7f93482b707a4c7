import { Inbox } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '#renderer/ui/avatar.tsx';
import { Bubble, Thread, ThreadLine } from '#renderer/ui/bubble.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Card, CardLine, DefinitionList, SectionTitle } from '#renderer/ui/card.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { ComposerField, ComposerFrame } from '#renderer/ui/composer-frame.tsx';
import { KeyHint } from '#renderer/ui/key-hint.tsx';
import { Inline, Text } from '#renderer/ui/layout.tsx';
import { ListRow, RowList, RowSection } from '#renderer/ui/list-row.tsx';
import { Banner, EmptyState, ErrorState, LoadingHint } from '#renderer/ui/notice.tsx';
import { StatusAction, StatusBar, StatusPill } from '#renderer/ui/status-bar.tsx';
import { Table, type TableSort } from '#renderer/ui/table.tsx';
import { Tabs } from '#renderer/ui/tabs.tsx';
import { Age, Clock, DueClock, Money, TimeOfDay } from '#renderer/ui/time-text.tsx';
import { Part } from './part.tsx';
import { ago, ahead, at } from './sample.ts';

const nothing = (): void => {};
const tones = ['neutral', 'ok', 'warn', 'bad', 'wait', 'accent'] as const;
const people = [
  { id: 'ana', name: 'Ana Kovač', team: 'Returns', open: 6 },
  { id: 'jonas', name: 'Jonas Weber', team: 'Orders', open: 2 },
];

/** Notices, empty and failed states, times. */
export function NoticeParts() {
  return (
    <>
      <Part title="Banner">
        {tones.map((tone) => (
          <Banner key={tone} tone={tone} action={<KeyHint keys="Tab" />}>
            {`A ${tone} notice that says what is known.`}
          </Banner>
        ))}
      </Part>
      <Part title="Empty, failed, loading">
        <EmptyState
          icon={<Inbox size="1.25rem" aria-hidden />}
          title="Nothing waits for you"
          action={<Button keyHint="n">Take the next one</Button>}
        >
          Conversations you take or that are given to you appear here.
        </EmptyState>
        <ErrorState title="The orders cannot be read" code="order/unavailable" onRetry={nothing}>
          The order system has not answered since 10:31. What you see below is from then.
        </ErrorState>
        <LoadingHint dataAt={ago(140)} />
        <LoadingHint isFirst />
      </Part>
      <Part title="Times, money, people">
        <Inline gap="lg" isWrapping>
          <Age at={ago(3)} />
          <Age at={ago(42)} isAgo />
          <Age at={ago(11_400)} />
          <Age at={ago(3 * 86_400)} isAgo />
          <Age at={ago(20 * 86_400)} isAgo />
          <TimeOfDay at={at(10, 31)} isFocusable />
          <Clock at={ahead(72)} />
          <DueClock at={ahead(500)} />
          <DueClock at={ahead(72)} />
          <DueClock at={ago(41)} />
          <Money minor={123_456} currency="EUR" />
          <Money minor={5000} currency="JPY" />
        </Inline>
        <Inline gap="lg" isWrapping>
          <Avatar name="Ana Kovač" isOwn presence="available" />
          <Avatar name="Jonas Weber" presence="away" />
          <Avatar name="سارة الحسن" presence="offline" />
          <Avatar name="7" size="sm" />
        </Inline>
      </Part>
    </>
  );
}

/** Rows, turns, composer, cards. */
export function ThreadParts() {
  const [text, setText] = useState('');
  const [selected, setSelected] = useState('b');
  return (
    <>
      <Part title="Rows">
        <RowList label="Rows" selectedId={selected} onSelect={setSelected}>
          <RowSection title="Yours" count={3}>
            <ListRow
              id="a"
              channel="email"
              name="A very long name that does not fit into the row whatever the width"
              isUnread
              when={<Age at={ago(90)} isFocusable={false} />}
              what="And a subject that is just as long and is cut as well"
              flag={<DueClock at={ago(30)} />}
            />
            <ListRow id="b" channel="chat" name="Priya Raman" when="now" what="" draft="I have asked" flag="4:05" />
            <ListRow
              id="c"
              channel="phone"
              name="<b>Bobby</b>"
              when="6 min"
              what="<script>alert(1)</script>"
              flag="1 waiting"
              flagTone="wait"
            />
          </RowSection>
        </RowList>
        <RowList
          label="No rows"
          selectedId={null}
          onSelect={setSelected}
          empty={<EmptyState title="Empty">Rows appear here.</EmptyState>}
        >
          {null}
        </RowList>
      </Part>
      <Part title="Turns">
        <Thread label="Turns">
          <Bubble kind="bot" by="Bot" text="Is there anything else?" meta={<span>Bot</span>} />
          <Bubble
            kind="in"
            by="Maya"
            text={'Two lines\nand a-very-long-word'.repeat(3)}
            meta={<TimeOfDay at={at(10, 31)} />}
          />
          <ThreadLine>Ana took it</ThreadLine>
          <Bubble kind="out" by="Ana" text="Sent and read." meta={<span>read</span>} />
          <Bubble kind="out" state="waiting" by="Ana" text="Waits." meta="waiting to send" />
          <Bubble kind="note" by="Ana" text="A note." meta="Note · only your team" />
          <Bubble kind="note" state="waiting" by="Ana" text="A note that waits." meta="waiting to send" />
          <Bubble kind="out" state="refused" by="Ana" text="Not sent." meta="not sent: the customer wrote again">
            <Button>Edit</Button>
            <Button>Discard</Button>
            <Button variant="primary">Send again</Button>
          </Bubble>
        </Thread>
      </Part>
      <Part title="Composer">
        <ComposerFrame
          tools={<Button variant="quiet">Note</Button>}
          hint="saved"
          action={<Button variant="primary">Send</Button>}
        >
          <ComposerField label="Reply" value={text} onChange={setText} placeholder="Write a reply" />
        </ComposerFrame>
        <ComposerFrame isNote action={<Button variant="primary">Add the note</Button>}>
          <ComposerField label="Note" value={text} onChange={setText} placeholder="Only your team sees this" />
        </ComposerFrame>
      </Part>
    </>
  );
}

/** Cards, tabs, tables, the bar. */
export function BlockParts() {
  const [sort, setSort] = useState<TableSort>({ columnId: 'name', direction: 'ascending' });
  return (
    <>
      <Part title="Cards">
        <Card title="Customer" chip={<Chip tone="ok">verified</Chip>} source={<Age at={ago(40)} isAgo />}>
          <DefinitionList items={[{ id: 'mail', term: 'E-mail', value: 'm•••@lindqvist.se' }]} />
        </Card>
        <CardLine title="Refund">nothing yet</CardLine>
        <CardLine title="Orders">no answer since 10:31</CardLine>
        <SectionTitle count={3}>Earlier</SectionTitle>
      </Part>
      <Part title="Tabs and table">
        <Tabs
          label="Administration"
          tabs={[
            {
              id: 'people',
              title: 'People',
              content: (
                <Table
                  label="People"
                  rows={people}
                  idOf={(row) => row.id}
                  onOpen={nothing}
                  sort={sort}
                  onSort={setSort}
                  empty={<EmptyState title="Nobody yet">People you add appear here.</EmptyState>}
                  columns={[
                    { id: 'name', title: 'Name', isRowHeader: true, isSortable: true, cell: (row) => row.name },
                    { id: 'team', title: 'Team', cell: (row) => <Chip>{row.team}</Chip> },
                    { id: 'open', title: 'Open', align: 'end', isSortable: true, cell: (row) => row.open },
                    { id: 'do', title: 'Act', cell: () => <Button variant="quiet">Disable</Button> },
                  ]}
                />
              ),
            },
            { id: 'teams', title: 'Teams', content: <Text>Teams</Text> },
          ]}
        />
      </Part>
      <Part title="Status bar">
        {tones.map((tone) => (
          <StatusBar key={tone} label={`Status ${tone}`}>
            <StatusPill tone={tone} announced="" onPress={nothing}>
              {tone}
            </StatusPill>
            <StatusAction tone={tone} keyHint="$mod+b" onPress={nothing}>
              {tone}
            </StatusAction>
          </StatusBar>
        ))}
      </Part>
    </>
  );
}
