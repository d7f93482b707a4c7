import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { HiddenText } from '#renderer/ui/layout.tsx';
import { ListRow } from '#renderer/ui/list-row.tsx';
import { useNow } from '#renderer/ui/now.tsx';
import { Age, Clock } from '#renderer/ui/time-text.tsx';
import type { Tone } from '#renderer/ui/tone.ts';
import type { InboxRow, InboxSection } from '#shared/inbox/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import { flagOf, type RowFlag } from './row-words.ts';

/** After this a waiting customer's clock turns amber (ms). */
const soon = 2 * 60_000;

/** How long the customer has been waiting, counting in place; the word is for screen readers, the place says it to the eye. */
function WaitClock({ since }: { since: number }) {
  const { t } = useTranslation('inbox');
  return (
    <>
      <HiddenText>{t('flag.waitsSince')} </HiddenText>
      <Clock at={since} />
    </>
  );
}

function FlagWords({ flag }: { flag: RowFlag }): ReactNode {
  const { t } = useTranslation('inbox');
  switch (flag.kind) {
    case 'attention':
      return t('flag.attention', { count: flag.count });
    case 'waiting':
      return t('flag.waiting', { count: flag.count });
    case 'owner':
      return flag.name;
    case 'clock':
      return <WaitClock since={flag.since} />;
    case 'none':
      return null;
    default:
      return assertNever(flag);
  }
}

/** One conversation in the list. */
export function ConversationRow({ row, section, myId }: { row: InboxRow; section: InboxSection['kind']; myId: Id }) {
  const { t } = useTranslation('inbox');
  const { head } = row;
  const flag = flagOf(row, section);
  const isLong = useNow((now) => flag.kind === 'clock' && now - flag.since >= soon);
  const tones: Record<RowFlag['kind'], Tone> = {
    attention: 'bad',
    waiting: 'wait',
    clock: isLong ? 'warn' : 'neutral',
    owner: 'neutral',
    none: 'neutral',
  };
  const isOurs = head.snippet.from === 'agent' && head.ownerId === myId;
  return (
    <ListRow
      id={head.id}
      channel="chat"
      name={head.customerName}
      isUnread={row.isUnread && head.state === 'open'}
      when={<Age at={head.lastAt} isFocusable={false} />}
      what={isOurs ? t('snippet.you', { text: head.snippet.text }) : head.snippet.text}
      draft={row.hasDraft && row.draft !== '' ? row.draft : undefined}
      flag={<FlagWords flag={flag} />}
      flagTone={tones[flag.kind]}
    />
  );
}
