import { Ellipsis, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button, IconButton } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Menu, type MenuEntry } from '#renderer/ui/menu.tsx';
import { BackToInbox, ContextToggle, PaneHeader, usePanes } from '#renderer/ui/panes.tsx';
import type { Tone } from '#renderer/ui/tone.ts';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import type { Head } from '#shared/conversation/model.ts';
import { mayResolve } from '#shared/conversation/rules.ts';
import * as customerQueries from '#shared/customer/queries.ts';
import { mayMove, mayRelease, mayTake } from '#shared/inbox/rules.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Me } from '#shared/session/model.ts';
import { actorOf } from './actions.ts';
import { isolated } from './recipient.ts';
import { WaitingChip } from './waiting-chip.tsx';

export interface HeaderProps {
  head: Head;
  me: Me;
  ownerName: string;
  /** order of the newest customer message on screen */
  seen: number;
  onTake: () => void;
  onRelease: () => void;
  onMove: () => void;
  onResolve: () => void;
}

function VerificationChip({ customerId }: { customerId: string }) {
  const { t } = useTranslation('conversation');
  const customer = useDeskQuery(customerQueries.card, { customerId }).data?.customer;
  if (!customer) return null;
  const tones: Record<typeof customer.verification, Tone> = { anonymous: 'neutral', site: 'ok', checked: 'ok' };
  return <Chip tone={tones[customer.verification]}>{t(`verification.${customer.verification}`)}</Chip>;
}

/** Who this is, how sure we are, who has it, and what can be done with the conversation. */
export function ConversationHeader({ head, me, ownerName, seen, onTake, onRelease, onMove, onResolve }: HeaderProps) {
  const { t } = useTranslation('conversation');
  const wordsOf = useErrorWords();
  const actor = actorOf(me);
  const isSupervisor = me.permissions.includes('team.supervise');
  const reason = (error: AppError | null): string | undefined => (error === null ? undefined : wordsOf(error).what);
  const cannot = {
    take: reason(mayTake(head, actor, ownerName)),
    release: reason(mayRelease(head, actor)),
    move: reason(mayMove(head, actor, '', isSupervisor)),
    resolve: reason(mayResolve(head, actor, { lastCustomerOrder: seen }, false)),
  };
  const isOpen = head.state === 'open';
  const isMine = head.ownerId === me.person.id;
  const isUnowned = head.ownerId === null;
  const section = t('keys.section');
  useShortcut({
    id: 'conversation.take',
    label: t('keys.take'),
    keys: 't',
    scope: 'conversation',
    section,
    run: onTake,
    disabledReason: isMine ? t('alreadyYours') : cannot.take,
  });
  useShortcut({
    id: 'conversation.release',
    label: t('keys.release'),
    keys: 'l',
    scope: 'conversation',
    section,
    run: onRelease,
    disabledReason: isUnowned ? t('nobodyHasIt') : cannot.release,
  });
  useShortcut({
    id: 'conversation.move',
    label: t('keys.move'),
    keys: 'm',
    scope: 'conversation',
    section,
    run: onMove,
    disabledReason: cannot.move,
  });
  useShortcut({
    id: 'conversation.resolve',
    label: t('keys.resolve'),
    keys: 'r',
    scope: 'conversation',
    section,
    run: onResolve,
    disabledReason: cannot.resolve,
  });

  // Where the panes fold there is room for the next step only; the others stand in a menu.
  const isFolded = usePanes().fold !== 'wide';
  const more: MenuEntry[] = [
    ...(isMine ? [entryOf('release', t('keys.release'), 'l', cannot.release)] : []),
    entryOf('move', t('keys.move'), 'm', cannot.move),
    ...(isUnowned ? [entryOf('resolve', t('keys.resolve'), 'r', cannot.resolve)] : []),
  ];
  const run: Record<string, () => void> = { release: onRelease, move: onMove, resolve: onResolve };
  const take = isUnowned ? (
    <Button keyHint="t" disabledReason={cannot.take} onPress={onTake}>
      {t('take')}
    </Button>
  ) : null;
  const resolve = (
    <Button keyHint="r" disabledReason={cannot.resolve} onPress={onResolve}>
      {t('resolve')}
    </Button>
  );
  const wide = (
    <>
      {isMine ? (
        <IconButton
          label={t('keys.release')}
          keyHint="l"
          icon={<Undo2 size="1rem" aria-hidden />}
          disabledReason={cannot.release}
          onPress={onRelease}
        />
      ) : null}
      {take}
      <Button keyHint="m" disabledReason={cannot.move} onPress={onMove}>
        {t('move')}
      </Button>
      {resolve}
    </>
  );
  const folded = (
    <>
      {take ?? resolve}
      <Menu
        label={t('more')}
        trigger={<IconButton label={t('more')} icon={<Ellipsis size="1rem" aria-hidden />} />}
        entries={more}
        onAction={(id) => run[id]?.()}
      />
    </>
  );

  return (
    <PaneHeader
      title={head.customerName}
      leading={<BackToInbox />}
      actions={
        <>
          {isOpen ? <WaitingChip since={head.waitingSince} /> : null}
          {isOpen ? (isFolded ? folded : wide) : null}
          <ContextToggle keyHint="i" />
        </>
      }
    >
      <VerificationChip customerId={head.customerId} />
      {isOpen ? null : <Chip tone="neutral">{t('resolved')}</Chip>}
      {isOpen && !isUnowned && !isMine ? (
        <Chip>{t('ownedBy', { name: isolated(ownerName === '' ? t('colleague') : ownerName) })}</Chip>
      ) : null}
      <Chip>{t(`channel.${head.channel}`)}</Chip>
    </PaneHeader>
  );
}

function entryOf(id: string, label: string, keys: string, reason: string | undefined): MenuEntry {
  return { id, label, keys, isDisabled: reason !== undefined, ...(reason === undefined ? {} : { help: reason }) };
}
