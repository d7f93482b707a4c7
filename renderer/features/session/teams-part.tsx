import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { TextField } from '#renderer/ui/fields.tsx';
import { FormColumn } from '#renderer/ui/form-column.tsx';
import { Inline, Text } from '#renderer/ui/layout.tsx';
import { EmptyState } from '#renderer/ui/notice.tsx';
import { ScreenPart } from '#renderer/ui/screen.tsx';
import { Table } from '#renderer/ui/table.tsx';
import { IdMint } from '#shared/lib/ids.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import { nameSchema, type Team } from '#shared/session/model.ts';
import type { ListedPerson } from './people-part.tsx';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

interface TeamsPartProps {
  people: readonly ListedPerson[];
  teams: readonly Team[];
  away: string | undefined;
}

/** The teams that conversations lie with. */
export function TeamsPart({ people, teams, away }: TeamsPartProps) {
  const { t } = useTranslation('session');
  const [open, setOpen] = useState<Team | 'new' | null>(null);
  return (
    <ScreenPart
      title={t('admin.teams')}
      actions={
        <Button
          variant="primary"
          icon={<Plus size="0.875rem" aria-hidden />}
          disabledReason={away}
          onPress={() => setOpen('new')}
        >
          {t('teams.add')}
        </Button>
      }
    >
      <Table
        label={t('admin.teams')}
        rows={teams}
        idOf={(team) => team.id}
        empty={<EmptyState title={t('teams.emptyTitle')}>{t('teams.emptyMeans')}</EmptyState>}
        columns={[
          {
            id: 'name',
            title: t('teams.name'),
            isRowHeader: true,
            cell: (team) => (
              <Text weight="medium" dir="auto">
                {team.name}
              </Text>
            ),
          },
          { id: 'region', title: t('teams.region'), cell: (team) => team.region },
          {
            id: 'people',
            title: t('teams.people'),
            align: 'end',
            cell: (team) => people.filter((p) => p.person.teamIds.includes(team.id)).length,
          },
          {
            id: 'do',
            title: t('people.do'),
            align: 'end',
            cell: (team) => (
              <Button variant="quiet" disabledReason={away} onPress={() => setOpen(team)}>
                {t('teams.rename')}
              </Button>
            ),
          },
        ]}
      />
      {open === null ? null : <TeamDialog team={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </ScreenPart>
  );
}

function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const { t } = useTranslation('session');
  const { clock } = useBridge();
  const [teamId] = useState(() => team?.id ?? new IdMint(clock).next());
  const [name, setName] = useState(team?.name ?? '');
  const [region, setRegion] = useState(team?.region ?? '');
  const [isTried, setTried] = useState(false);
  const save = useAsking(team === null ? sessionCalls.addTeam : sessionCalls.renameTeam);
  const good = z.safeParse(nameSchema, name);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (good.success && (await save.ask({ teamId, name: good.data, region: region.trim() })) !== null) onClose();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(is) => !is && onClose()}
      title={team === null ? t('teams.add') : t('teams.renameTitle', { name: team.name })}
      width="sm"
    >
      <FormColumn onSubmit={() => void submit()}>
        <TextField
          label={t('teams.name')}
          value={name}
          onChange={setName}
          isRequired
          autoFocus
          maxLength={120}
          error={isTried && !good.success ? t('people.noName') : undefined}
        />
        <TextField
          label={t('teams.region')}
          help={t('teams.regionHelp')}
          value={region}
          onChange={setRegion}
          maxLength={60}
        />
        <Refusal error={save.error} />
        <Inline justify="end">
          <Button onPress={onClose}>{t('ui:cancel')}</Button>
          <Button variant="primary" type="submit" isPending={save.isAsking}>
            {team === null ? t('teams.add') : t('people.save')}
          </Button>
        </Inline>
      </FormColumn>
    </Dialog>
  );
}
