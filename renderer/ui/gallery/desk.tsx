import { BookOpen, ChartNoAxesColumn, Inbox, Network, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '#renderer/ui/avatar.tsx';
import { Bubble, Thread, ThreadLine } from '#renderer/ui/bubble.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { ComposerField, ComposerFrame } from '#renderer/ui/composer-frame.tsx';
import { KeyHint } from '#renderer/ui/key-hint.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import { BackToInbox, ContextToggle, DeskFrame, PaneHeader, Panes } from '#renderer/ui/panes.tsx';
import { Rail, RailItem } from '#renderer/ui/rail.tsx';
import { StatusAction, StatusBar, StatusPill } from '#renderer/ui/status-bar.tsx';
import { DueClock, TimeOfDay } from '#renderer/ui/time-text.tsx';
import { DeskContext } from './desk-card.tsx';
import { DeskInbox } from './desk-inbox.tsx';
import { ahead, at } from './sample.ts';

const nothing = (): void => {};

function DeskThread() {
  return (
    <Thread label="Conversation with Maya Lindqvist">
      <Bubble
        kind="bot"
        by="Bot"
        text="I can see order HP-20931 was marked delivered yesterday at 16:42. Is there anything else?"
        meta={
          <>
            <span>Bot</span>
            <TimeOfDay at={at(10, 31)} />
          </>
        }
      />
      <Bubble
        kind="in"
        by="Maya Lindqvist"
        text="That is not true, nothing arrived. I want to talk to a person."
        meta={<TimeOfDay at={at(10, 32)} />}
      />
      <ThreadLine>
        Bot handed over: asked for a person, delivery disputed · assigned to you because you answered Maya in May
      </ThreadLine>
      <Bubble
        kind="out"
        by="Ana Kovač"
        text="Hi Maya, I am Ana. I can see the order and what you told the bot, so you need not repeat it. I am checking the carrier's handover now."
        meta={
          <>
            <TimeOfDay at={at(10, 33)} />
            <span>read</span>
          </>
        }
      />
      <Bubble
        kind="in"
        by="Maya Lindqvist"
        text="Thank you. I need the tent for Saturday."
        meta={<TimeOfDay at={at(10, 34)} />}
      />
      <Bubble
        kind="note"
        by="Ana Kovač"
        text="Depot scan shows Kiel, not Lübeck. Same as the two cases this morning."
        meta={
          <>
            <span>Note · only your team</span>
            <TimeOfDay at={at(10, 35)} />
          </>
        }
      />
      <Bubble
        kind="out"
        state="waiting"
        by="Ana Kovač"
        text="I found it: it was scanned at the wrong depot. I can send a new one today by express."
        meta="waiting to send · 4 s without the hub"
      />
    </Thread>
  );
}

function DeskConversation() {
  const [text, setText] = useState('Could you confirm your e-mail so I');
  return (
    <>
      <PaneHeader
        title="Maya Lindqvist"
        actions={
          <>
            <Chip tone="warn">
              <DueClock at={ahead(72)} isIn />
            </Chip>
            <Button onPress={nothing}>Transfer</Button>
            <Button keyHint="r" onPress={nothing}>
              Resolve
            </Button>
            <ContextToggle keyHint="$mod+i" />
          </>
        }
        leading={<BackToInbox />}
      >
        <Chip tone="ok">verified by order + e-mail</Chip>
        <Chip>web chat</Chip>
      </PaneHeader>
      <DeskThread />
      <ComposerFrame
        above={
          <Banner
            tone="warn"
            place="composer"
            action={
              <>
                <KeyHint keys="Tab" /> use it
              </>
            }
          >
            You are about to ask for the e-mail. The bot already verified it.
          </Banner>
        }
        tools={
          <>
            <Button variant="quiet" keyHint=";" onPress={nothing}>
              Templates
            </Button>
            <Button variant="quiet" onPress={nothing}>
              Note
            </Button>
            <Button variant="quiet" onPress={nothing}>
              Attach
            </Button>
          </>
        }
        hint="saved"
        action={
          <Button variant="primary" keyHint="Enter" onPress={nothing}>
            Send to Maya
          </Button>
        }
      >
        <ComposerField label="Reply to Maya" value={text} onChange={setText} />
      </ComposerFrame>
    </>
  );
}

const icon = { size: '1.125rem', strokeWidth: 1.6, 'aria-hidden': true } as const;

/** The picture in `look/`, built from the parts of this folder. */
export function GalleryDesk() {
  const [selected, setSelected] = useState('maya');
  const [current, setCurrent] = useState<'inbox' | 'conversation'>('conversation');
  return (
    <DeskFrame
      rail={
        <Rail label="Places" footer={<Avatar name="Ana Kovač" isOwn presence="available" />}>
          <RailItem label="Inbox" isCurrent icon={<Inbox {...icon} />} onPress={nothing} keyHint="g i" />
          <RailItem
            label="Reports"
            icon={<TriangleAlert {...icon} />}
            count={2}
            countLabel="2 open"
            onPress={nothing}
          />
          <RailItem label="Knowledge" icon={<BookOpen {...icon} />} onPress={nothing} />
          <RailItem label="Playbook" icon={<Network {...icon} />} onPress={nothing} />
          <RailItem label="Huddle" icon={<ChartNoAxesColumn {...icon} />} onPress={nothing} />
        </Rail>
      }
      statusBar={
        <StatusBar
          label="Status"
          end={
            <>
              <StatusAction keyHint="$mod+b" onPress={nothing}>
                Broken process?
              </StatusAction>
              <StatusAction keyHint="$mod+k" onPress={nothing}>
                All actions
              </StatusAction>
            </>
          }
        >
          <StatusPill tone="warn" announced="The hub is out of reach" onPress={nothing}>
            Hub out of reach for 4 s · data from 10:35:20
          </StatusPill>
          <StatusAction tone="wait" onPress={nothing}>
            1 waiting
          </StatusAction>
        </StatusBar>
      }
    >
      <Panes
        labels={{ inbox: 'Inbox', conversation: 'Conversation', context: 'Context' }}
        current={current}
        onShowInbox={() => setCurrent('inbox')}
        inbox={
          <DeskInbox
            selected={selected}
            onSelect={(id) => {
              setSelected(id);
              setCurrent('conversation');
            }}
          />
        }
        conversation={<DeskConversation />}
        context={<DeskContext />}
      />
    </DeskFrame>
  );
}
