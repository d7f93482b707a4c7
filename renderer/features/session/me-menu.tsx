import { Circle, CircleOff, Lock, LogOut, Settings } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Avatar, initials } from '#renderer/ui/avatar.tsx';
import { IconButton } from '#renderer/ui/button.tsx';
import { AlertDialog } from '#renderer/ui/dialog.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Menu } from '#renderer/ui/menu.tsx';
import { showToast } from '#renderer/ui/toast.tsx';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import type { AppError } from '#shared/lib/errors.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import type { Me } from '#shared/session/model.ts';
import * as sessionQueries from '#shared/session/queries.ts';

const none = {};

export interface MeMenuProps {
  me: Me;
  onSettings: () => void;
  /** Brings to disk what is being written, before the profile closes. */
  beforeLeaving: () => Promise<void>;
}

/** Who is signed in: routable or away, lock, sign out of this computer. */
export function MeMenu({ me, onSettings, beforeLeaving }: MeMenuProps) {
  const { t } = useTranslation('session');
  const { core } = useBridge();
  const wordsOf = useErrorWords();
  const [isLeaving, setLeaving] = useState(false);
  const status = useDeskQuery(sessionQueries.status, none).data;
  const unsent = (status?.waiting ?? 0) + (status?.attention ?? 0);
  const isAvailable = me.presence === 'available';
  const tell = (error: AppError): void => showToastOf(wordsOf(error).what, wordsOf(error).todo);

  const present = async (): Promise<void> => {
    const answer = await core.call(sessionCalls.present, { state: isAvailable ? 'away' : 'available' });
    if (!answer.ok) tell(answer.error);
  };
  const lock = async (): Promise<void> => {
    await beforeLeaving();
    const answer = await core.call(sessionCalls.lock, none);
    if (!answer.ok) tell(answer.error);
  };
  const signOut = async (): Promise<void> => {
    await beforeLeaving();
    const answer = await core.call(sessionCalls.signOut, { isLossConfirmed: unsent > 0 });
    if (!answer.ok) tell(answer.error);
  };
  const section = t('keys.section');
  useShortcut({
    id: 'session.present',
    label: isAvailable ? t('me.goAway') : t('me.goAvailable'),
    keys: '$mod+Shift+a',
    scope: 'global',
    section,
    run: () => void present(),
  });
  useShortcut({
    id: 'session.lock',
    label: t('me.lock'),
    keys: '$mod+Shift+l',
    scope: 'global',
    section,
    run: () => void lock(),
  });

  return (
    <>
      <Menu
        label={t('me.menu')}
        trigger={
          <IconButton
            label={t('me.label', {
              name: me.person.name,
              initials: initials(me.person.name),
              state: t(`me.${me.presence}`),
            })}
            icon={<Avatar name={me.person.name} presence={me.presence} isOwn />}
          />
        }
        entries={[
          {
            id: 'present',
            label: isAvailable ? t('me.goAway') : t('me.goAvailable'),
            help: isAvailable ? t('me.goAwayHelp') : t('me.goAvailableHelp'),
            icon: isAvailable ? <CircleOff size="0.875rem" aria-hidden /> : <Circle size="0.875rem" aria-hidden />,
            keys: '$mod+Shift+a',
          },
          { id: 'settings', label: t('me.settings'), icon: <Settings size="0.875rem" aria-hidden /> },
          {
            id: 'lock',
            label: t('me.lock'),
            help: t('me.lockHelp'),
            icon: <Lock size="0.875rem" aria-hidden />,
            keys: '$mod+Shift+l',
          },
          { id: 'leave', label: t('me.signOut'), icon: <LogOut size="0.875rem" aria-hidden />, tone: 'danger' },
        ]}
        onAction={(id) => {
          if (id === 'present') void present();
          else if (id === 'settings') onSettings();
          else if (id === 'lock') void lock();
          else setLeaving(true);
        }}
      />
      <AlertDialog
        isOpen={isLeaving}
        onOpenChange={setLeaving}
        title={t('signOut.title')}
        confirmLabel={unsent > 0 ? t('signOut.confirmLoss', { count: unsent }) : t('signOut.confirm')}
        variant="danger"
        onConfirm={() => void signOut()}
      >
        {unsent > 0 ? t('signOut.loss', { count: unsent }) : t('signOut.means')}
      </AlertDialog>
    </>
  );
}

function showToastOf(what: string, todo: string): void {
  showToast({ text: `${what} ${todo}`, tone: 'bad' });
}
