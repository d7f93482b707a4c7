import { History, StickyNote } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button, IconButton } from '#renderer/ui/button.tsx';
import { ComposerField, ComposerFrame } from '#renderer/ui/composer-frame.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Menu } from '#renderer/ui/menu.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import { takeFocus } from '#renderer/ui/take-focus.ts';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import { type Head, longestText } from '#shared/conversation/model.ts';
import * as conversationQueries from '#shared/conversation/queries.ts';
import { mayNote, mayReply } from '#shared/conversation/rules.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Me } from '#shared/session/model.ts';
import { actorOf, type ConversationActions } from './actions.ts';
import { ComposerWarnings } from './composer-warnings.tsx';
import { useDrafts, useWriting } from './drafts-context.tsx';
import { isolated, shortName } from './recipient.ts';
import { useTypingSigns } from './use-typing.ts';

const untouched = { state: 'saved', error: null } as const;

/** From here on the length is shown. */
const nearLimit = longestText - 400;

export interface ComposerProps {
  head: Head;
  me: Me;
  ownerName: string;
  actions: ConversationActions;
  /** order of the newest customer message on screen */
  seen: number;
  /** a new number moves the focus here; null leaves it where it is */
  focusAt: number | null;
  /** Escape: back to where keys without Ctrl work */
  onLeave: () => void;
  onSent: () => void;
}

/** Where the agent writes: a reply to the customer, or a note to the team. */
export function Composer({ head, me, ownerName, actions, seen, focusAt, onLeave, onSent }: ComposerProps) {
  const { t } = useTranslation('conversation');
  const wordsOf = useErrorWords();
  const drafts = useDrafts();
  const field = useRef<HTMLTextAreaElement>(null);
  const typing = useTypingSigns(actions);
  const [error, setError] = useState<AppError | null>(null);
  const [tooLong, setTooLong] = useState<number | null>(null);
  const kept = useDeskQuery(conversationQueries.draft, { conversationId: head.id }).data;
  // The first frame shows what the disk has already; the next ones what is being written.
  const writing = useWriting(drafts, head.id) ?? (kept?.draft ? { ...kept.draft, ...untouched } : undefined);

  useEffect(() => {
    if (kept) drafts.load(head.id, kept.draft);
  }, [kept, drafts, head.id]);
  useEffect(() => () => void drafts.flush(head.id), [drafts, head.id]);
  useEffect(() => {
    if (focusAt === null) return;
    return takeFocus(() => field.current);
  }, [focusAt]);

  const actor = actorOf(me);
  const isUnowned = head.ownerId === null && head.state === 'open';
  const cannotReply = mayReply(
    isUnowned ? { ...head, ownerId: actor.personId } : head,
    actor,
    { lastCustomerOrder: seen },
    false,
  );
  const cannotNote = mayNote(head, actor);
  const kind = cannotReply !== null && cannotNote === null ? 'note' : (writing?.kind ?? 'reply');
  const isNote = kind === 'note';
  const text = writing?.text ?? '';
  const isBlank = text.trim() === '';
  const barred = isNote ? cannotNote : cannotReply;
  const name = isolated(shortName(head.customerName));

  const send = async (): Promise<void> => {
    if (isBlank || barred !== null) return;
    const taken = drafts.take(head.id);
    if (!taken) return;
    typing.stop();
    setError(null);
    onSent();
    const refused = await actions.send({ kind, text: taken.text }, isUnowned, seen);
    if (refused === null) {
      await drafts.sent(head.id);
      return;
    }
    drafts.giveBack(head.id, { kind, text: taken.text });
    setError(refused);
  };
  const toggleNote = (): void => {
    if (cannotReply !== null) return;
    drafts.write(head.id, { kind: isNote ? 'reply' : 'note' });
    field.current?.focus();
  };
  useShortcut({
    id: 'conversation.note',
    label: t('keys.note'),
    keys: '$mod+Shift+n',
    scope: 'conversation',
    section: t('keys.section'),
    run: toggleNote,
    ...(cannotReply === null ? {} : { disabledReason: t('composer.noteOnly') }),
  });
  useShortcut({
    id: 'conversation.write',
    label: t('keys.write'),
    keys: 'w',
    scope: 'conversation',
    section: t('keys.section'),
    run: () => field.current?.focus(),
  });

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While an input method composes, Enter and Escape belong to it (229: what older engines report then).
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      onLeave();
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const length = text.length - (selectionEnd - selectionStart) + event.clipboardData.getData('text').length;
    setTooLong(length > longestText ? length : null);
    if (length > longestText) event.preventDefault();
  };

  return (
    <ComposerFrame
      isNote={isNote}
      above={
        <>
          <ComposerWarnings head={head} me={me} ownerName={ownerName} />
          {error === null ? null : <Refusal words={wordsOf(error)} />}
          {writing?.error ? <Refusal words={wordsOf(writing.error)} /> : null}
          {tooLong === null ? null : (
            <Banner tone="warn" place="composer">
              {t('composer.pasteTooLong', { count: tooLong, most: longestText })}
            </Banner>
          )}
        </>
      }
      tools={
        <>
          <Button
            variant="quiet"
            icon={<StickyNote size="0.875rem" aria-hidden />}
            aria-pressed={isNote}
            keyHint="$mod+Shift+n"
            disabledReason={cannotReply === null ? undefined : t('composer.noteOnly')}
            onPress={toggleNote}
          >
            {t('composer.note')}
          </Button>
          {kept && kept.history.length > 0 ? (
            <Menu
              label={t('composer.history')}
              trigger={<IconButton label={t('composer.history')} icon={<History size="0.875rem" aria-hidden />} />}
              entries={kept.history.slice(0, 10).map((d, at) => ({ id: String(at), label: d.text.slice(0, 80) }))}
              onAction={(id) => {
                const earlier = kept.history[Number(id)];
                if (earlier) drafts.write(head.id, { kind: earlier.kind, text: earlier.text });
              }}
            />
          ) : null}
        </>
      }
      hint={<Hint length={text.length} state={isBlank ? null : (writing?.state ?? null)} />}
      action={
        <Button
          variant="primary"
          keyHint="Enter"
          onPress={() => void send()}
          disabledReason={barred === null ? (isBlank ? t('composer.empty') : undefined) : wordsOf(barred).what}
        >
          {isNote ? t('composer.addNote') : t(isUnowned ? 'composer.takeAndSend' : 'composer.sendTo', { name })}
        </Button>
      }
    >
      <ComposerField
        ref={field}
        label={isNote ? t('composer.noteLabel') : t('composer.replyLabel', { name: isolated(head.customerName) })}
        placeholder={isNote ? t('composer.notePlaceholder') : t('composer.replyPlaceholder', { name })}
        value={text}
        maxLength={longestText}
        isReadOnly={barred !== null}
        onChange={(value) => {
          setTooLong(null);
          drafts.write(head.id, { kind, text: value });
          if (isNote) return;
          if (value === '') typing.stop();
          else typing.key();
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => void drafts.flush(head.id)}
      />
    </ComposerFrame>
  );
}

function Refusal({ words }: { words: { what: string; means: string; todo: string } }): ReactNode {
  return (
    <Banner tone="bad" place="composer" isUrgent>
      {`${words.what} ${words.means} ${words.todo}`}
    </Banner>
  );
}

/** How the text stands: saved or not, and how long where that matters. */
function Hint({ length, state }: { length: number; state: 'saved' | 'saving' | 'unsaved' | null }) {
  const { t } = useTranslation('conversation');
  const count = length >= nearLimit ? t('composer.length', { count: length, most: longestText }) : '';
  const saved = state === null || state === 'saving' ? '' : t(`composer.${state}`);
  return [count, saved].filter((part) => part !== '').join(' · ');
}
