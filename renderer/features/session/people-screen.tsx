import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Banner } from '#renderer/ui/notice.tsx';
import { Screen } from '#renderer/ui/screen.tsx';
import { Tabs } from '#renderer/ui/tabs.tsx';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { DevicesPart } from './devices-part.tsx';
import { PeoplePart } from './people-part.tsx';
import { TeamsPart } from './teams-part.tsx';

const none = {};

/** Why nothing can be changed now; undefined when it can. */
export function useHubNeeded(): string | undefined {
  const { t } = useTranslation('session');
  const link = useDeskQuery(sessionQueries.status, none).data?.link.state;
  return link === 'live' || link === 'catching-up' ? undefined : t('admin.hubNeeded');
}

/** People, teams and devices, for those who may manage them. What is seen is this desk's data; what is changed needs the hub. */
export function PeopleScreen({ myId }: { myId: Id }) {
  const { t } = useTranslation('session');
  const away = useHubNeeded();
  const data = useDeskQuery(sessionQueries.people, none).data;
  const people = data?.people ?? [];
  const teams = data?.teams ?? [];
  return (
    <Screen title={t('admin.title')}>
      {away === undefined ? null : <Banner tone="warn">{away}</Banner>}
      <Tabs
        label={t('admin.title')}
        tabs={[
          {
            id: 'people',
            title: t('admin.people'),
            content: <PeoplePart people={people} teams={teams} myId={myId} away={away} />,
          },
          { id: 'teams', title: t('admin.teams'), content: <TeamsPart people={people} teams={teams} away={away} /> },
          { id: 'devices', title: t('admin.devices'), content: <DevicesPart away={away} /> },
        ]}
      />
    </Screen>
  );
}
