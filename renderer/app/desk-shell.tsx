import { Inbox, Send, Settings, Users } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { DraftsProvider, useDrafts } from '#renderer/features/conversation/drafts-context.tsx';
import { MeMenu } from '#renderer/features/session/me-menu.tsx';
import { OutboxScreen } from '#renderer/features/session/outbox-screen.tsx';
import { PeopleScreen } from '#renderer/features/session/people-screen.tsx';
import { StatusLine } from '#renderer/features/session/status-line.tsx';
import { DeskFrame } from '#renderer/ui/panes.tsx';
import { Rail, RailItem } from '#renderer/ui/rail.tsx';
import { ShortcutSheet } from '#renderer/ui/shortcut-sheet.tsx';
import { StatusAction, StatusBar } from '#renderer/ui/status-bar.tsx';
import { Toasts } from '#renderer/ui/toast.tsx';
import { useShortcut } from '#renderer/ui/use-shortcuts.tsx';
import type { Me as MeFacts } from '#shared/session/model.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { DeskPalette } from './desk-palette.tsx';
import { DeskScreen } from './desk-screen.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NoticeList } from './notice-list.tsx';
import { useNotices } from './notices.ts';
import { createPlaces, type Place } from './places.ts';
import type { PreferencesStore } from './preferences.ts';
import { SettingsScreen } from './settings-screen.tsx';

const none = {};

interface Destination {
  place: Place;
  label: string;
  keys: string;
  icon: ReactNode;
  count?: number;
  countLabel?: string;
}

export interface DeskShellProps {
  me: MeFacts;
  preferences: PreferencesStore;
  /** the session at the hub has ended: the profile is locked and asks for the password at the hub */
  onSignInAgain: () => void;
}

/** Everything a signed-in person sees. Key it by the profile: another person starts anew. */
export function DeskShell({ me, preferences, onSignInAgain }: DeskShellProps) {
  const { t } = useTranslation('app');
  const { main } = useBridge();
  const canRead = me.permissions.includes('conversation.read');
  const canManage = me.permissions.includes('people.manage');
  const places = useMemo(() => createPlaces(canRead ? 'desk' : canManage ? 'people' : 'outbox'), [canRead, canManage]);
  const place = useStore(places.store, (s) => s.place);
  const widths = useStore(preferences, (s) => s.widths);
  const notices = useNotices(places);
  const status = useDeskQuery(sessionQueries.status, none).data;
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);

  useEffect(() => main.on('navigate', ({ place: address }) => places.follow(address)), [main, places]);
  useEffect(
    () =>
      main.on('open', ({ what }) => {
        if (what === 'shortcuts') setOpen('shortcuts');
        else places.go('settings');
      }),
    [main, places],
  );
  const section = t('keys.section');
  useShortcut({
    id: 'desk.palette',
    label: t('keys.palette'),
    keys: '$mod+k',
    scope: 'global',
    section,
    run: () => setOpen('palette'),
  });
  useShortcut({
    id: 'desk.shortcuts',
    label: t('keys.shortcuts'),
    keys: 'Shift+?',
    scope: 'global',
    section,
    run: () => setOpen('shortcuts'),
  });

  const attention = status?.attention ?? 0;
  const destinations: Destination[] = [
    ...(canRead
      ? [{ place: 'desk' as const, label: t('place.desk'), keys: 'g i', icon: <Inbox size="1.125rem" aria-hidden /> }]
      : []),
    {
      place: 'outbox',
      label: t('place.outbox'),
      keys: 'g o',
      icon: <Send size="1.125rem" aria-hidden />,
      count: attention,
      countLabel: t('place.attention', { count: attention }),
    },
    ...(canManage
      ? [
          {
            place: 'people' as const,
            label: t('place.people'),
            keys: 'g p',
            icon: <Users size="1.125rem" aria-hidden />,
          },
        ]
      : []),
    { place: 'settings', label: t('place.settings'), keys: 'g s', icon: <Settings size="1.125rem" aria-hidden /> },
  ];

  return (
    <DraftsProvider>
      <DeskFrame
        rail={
          <Rail label={t('places')} footer={<Me me={me} onSettings={() => places.go('settings')} />}>
            {destinations.map((d) => (
              <RailItem
                key={d.place}
                label={d.label}
                icon={d.icon}
                isCurrent={place === d.place}
                onPress={() => places.go(d.place)}
                keyHint={d.keys}
                {...(d.count === undefined ? {} : { count: d.count })}
                {...(d.countLabel === undefined ? {} : { countLabel: d.countLabel })}
              />
            ))}
          </Rail>
        }
        statusBar={
          <StatusBar
            label={t('statusBar')}
            end={
              <StatusAction onPress={() => setOpen('palette')} keyHint="$mod+k">
                {t('allActions')}
              </StatusAction>
            }
          >
            <StatusLine onOpen={() => places.go('outbox')} />
          </StatusBar>
        }
      >
        <ErrorBoundary resetKey={place}>
          {place === 'desk' ? (
            <DeskScreen
              me={me}
              places={places}
              widths={widths}
              onWidths={(next) => preferences.setState({ widths: next })}
            />
          ) : null}
          {place === 'outbox' ? (
            <OutboxScreen
              onShow={(id) => places.show(id, false)}
              onSignIn={onSignInAgain}
              told={<NoticeList notices={notices} places={places} />}
            />
          ) : null}
          {place === 'people' ? <PeopleScreen myId={me.person.id} /> : null}
          {place === 'settings' ? (
            <SettingsScreen me={me} preferences={preferences} onShortcuts={() => setOpen('shortcuts')} />
          ) : null}
        </ErrorBoundary>
      </DeskFrame>
      {destinations.map((d) => (
        <PlaceKey key={d.place} destination={d} onGo={places.go} />
      ))}
      <DeskPalette
        isOpen={open === 'palette'}
        onOpenChange={(is) => setOpen(is ? 'palette' : null)}
        places={places}
        canRead={canRead}
      />
      <ShortcutSheet isOpen={open === 'shortcuts'} onOpenChange={(is) => setOpen(is ? 'shortcuts' : null)} />
      <Toasts />
    </DraftsProvider>
  );
}

function PlaceKey({ destination, onGo }: { destination: Destination; onGo: (place: Place) => void }) {
  const { t } = useTranslation('app');
  useShortcut({
    id: `desk.${destination.place}`,
    label: t('keys.go', { place: destination.label }),
    keys: destination.keys,
    scope: 'global',
    section: t('keys.section'),
    run: () => onGo(destination.place),
  });
  return null;
}

function Me({ me, onSettings }: { me: MeFacts; onSettings: () => void }) {
  const drafts = useDrafts();
  return <MeMenu me={me} onSettings={onSettings} beforeLeaving={() => drafts.flushAll()} />;
}
