import { Button } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { KeyHint } from '#renderer/ui/key-hint.tsx';
import { ListRow, RowList, RowSection } from '#renderer/ui/list-row.tsx';
import { PaneHeader } from '#renderer/ui/panes.tsx';
import { Age, DueClock } from '#renderer/ui/time-text.tsx';
import { ago, ahead } from './sample.ts';

const nothing = (): void => {};

function age(seconds: number) {
  return <Age at={ago(seconds)} isFocusable={false} />;
}

/** The inbox of the picture. */
export function DeskInbox({ selected, onSelect }: { selected: string; onSelect: (id: string) => void }) {
  return (
    <>
      <PaneHeader
        title="Inbox"
        actions={
          <>
            <KeyHint keys="/" />
            <Button variant="quiet" onPress={nothing}>
              Filter
            </Button>
          </>
        }
      >
        <Chip>6 of 6</Chip>
      </PaneHeader>
      <RowList label="Inbox" selectedId={selected} onSelect={onSelect}>
        <RowSection title="Yours" count={6}>
          <ListRow
            id="maya"
            channel="chat"
            name="Maya Lindqvist"
            when={age(2)}
            what="The bot says delivered but I have nothing here"
            flag={<DueClock at={ahead(72)} />}
          />
          <ListRow
            id="tomasz"
            channel="email"
            name="Tomasz Wójcik-Brandenburger"
            isUnread
            when={age(120)}
            what="Re: Invoice 4471 charged twice"
            flag={<DueClock at={ahead(11_400)} />}
          />
          <ListRow
            id="phone"
            channel="phone"
            name="+49 151 •••• 2208"
            isUnread
            when={age(250)}
            what="ist das Zelt wieder da?"
            flag={<DueClock at={ago(41)} />}
          />
          <ListRow
            id="priya"
            channel="chat"
            name="Priya Raman"
            when={age(380)}
            what="Any news?"
            draft="I have asked the warehouse to"
            flag={<DueClock at={ahead(245)} />}
          />
          <ListRow
            id="sara"
            channel="chat"
            name="سارة الحسن"
            when={age(550)}
            what="هل يمكن تغيير العنوان؟"
            flag="1 waiting"
            flagTone="wait"
          />
          <ListRow
            id="jonas"
            channel="email"
            name="Jonas Okafor"
            when="snoozed"
            what="Waiting for carrier until 14:00"
            flag="14:00"
          />
        </RowSection>
        <RowSection title="Returns team, waiting" count={3}>
          <ListRow
            id="guest"
            channel="chat"
            name="Guest 7f2c"
            when={age(80)}
            what="Bot gave up: low confidence on “warranty”"
            flag={<DueClock at={ahead(58)} warnMs={0} />}
          />
          <ListRow
            id="elena"
            channel="chat"
            name="Elena Petrova"
            when={age(190)}
            what="Asked for a person: wrong size twice"
            flag={<DueClock at={ahead(130)} />}
          />
        </RowSection>
      </RowList>
    </>
  );
}
