import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { AlertDialog } from '#renderer/ui/dialog.tsx';
import { Stack, Text } from '#renderer/ui/layout.tsx';
import { Menu } from '#renderer/ui/menu.tsx';
import { EmptyState } from '#renderer/ui/notice.tsx';
import { ScreenPart } from '#renderer/ui/screen.tsx';
import { Table } from '#renderer/ui/table.tsx';
import { Age } from '#renderer/ui/time-text.tsx';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import type { Account, Person, Presence, Team } from '#shared/session/model.ts';
import { OneTimeSecret } from './one-time-secret.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

export interface ListedPerson {
  person: Person;
  account: Account | null;
  presence: Presence['state'] | null;
}

interface PeoplePartProps {
  people: readonly ListedPerson[];
  teams: readonly Team[];
  myId: Id;
  away: string | undefined;
}

type Open = { kind: 'add' } | { kind: 'change' | 'disable' | 'reset'; person: Person } | null;

/** Who works here: add, change, disable, give a new one-time password. */
export function PeoplePart({ people, teams, myId, away }: PeoplePartProps) {
  const { t } = useTranslation('session');
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<{ name: string; password: string } | null>(null);
  const disable = useAsking(sessionCalls.disablePerson);
  const reset = useAsking(sessionCalls.resetPassword);
  const named = open !== null && open.kind !== 'add' ? open.person : null;
  const teamNames = (person: Person): string =>
    teams
      .filter((team) => person.teamIds.includes(team.id))
      .map((team) => team.name)
      .join(', ');
  return (
    <ScreenPart
      title={t('admin.people')}
      actions={
        <Button
          variant="primary"
          icon={<Plus size="0.875rem" aria-hidden />}
          disabledReason={away}
          onPress={() => setOpen({ kind: 'add' })}
        >
          {t('people.add')}
        </Button>
      }
    >
      <Refusal error={disable.error ?? reset.error} />
      <Table
        label={t('admin.people')}
        rows={people}
        idOf={(row) => row.person.id}
        empty={<EmptyState title={t('people.emptyTitle')}>{t('people.emptyMeans')}</EmptyState>}
        columns={[
          {
            id: 'name',
            title: t('people.name'),
            isRowHeader: true,
            cell: ({ person, account }) => (
              <Stack gap="none">
                <Text weight="medium" dir="auto">
                  {person.name}
                </Text>
                <Text size="sm" shade="faint">
                  {account?.email ?? ''}
                </Text>
              </Stack>
            ),
          },
          { id: 'role', title: t('people.role'), cell: ({ person }) => t(`role.${person.role}`) },
          { id: 'teams', title: t('people.teams'), cell: ({ person }) => teamNames(person) },
          {
            id: 'state',
            title: t('people.state'),
            cell: ({ person, account, presence }) =>
              person.isDisabled ? (
                <Chip tone="bad">{t('people.disabled')}</Chip>
              ) : account?.mustChangePassword ? (
                <Chip tone="warn">{t('people.newPassword')}</Chip>
              ) : (
                <Chip tone={presence === 'available' ? 'ok' : 'neutral'}>
                  {presence === null ? t('people.enabled') : t(`presence.${presence}`)}
                </Chip>
              ),
          },
          {
            id: 'seen',
            title: t('people.lastSignIn'),
            cell: ({ account }) =>
              account?.lastSignInAt == null ? (
                t('people.never')
              ) : (
                <Age at={account.lastSignInAt} isAgo isFocusable={false} />
              ),
          },
          {
            id: 'do',
            title: t('people.do'),
            align: 'end',
            cell: ({ person }) => (
              <Menu
                label={t('people.menu', { name: person.name })}
                trigger={
                  <IconButton
                    label={t('people.menu', { name: person.name })}
                    icon={<Ellipsis size="1rem" aria-hidden />}
                    disabledReason={away}
                  />
                }
                entries={[
                  { id: 'change', label: t('people.change') },
                  { id: 'reset', label: t('people.reset'), help: t('people.resetHelp') },
                  {
                    id: 'disable',
                    label: person.isDisabled ? t('people.enable') : t('people.disable'),
                    tone: 'danger',
                    isDisabled: person.id === myId,
                    ...(person.id === myId ? { help: t('people.notYourself') } : {}),
                  },
                ]}
                onAction={(id) => setOpen({ kind: id === 'change' || id === 'reset' ? id : 'disable', person })}
              />
            ),
          },
        ]}
      />
      {open?.kind === 'add' || open?.kind === 'change' ? (
        <PersonDialog
          person={open.kind === 'change' ? open.person : null}
          teams={teams}
          isSelf={named?.id === myId}
          onClose={() => setOpen(null)}
          onSecret={(name, password) => setSecret({ name, password })}
        />
      ) : null}
      <AlertDialog
        isOpen={open?.kind === 'disable'}
        onOpenChange={(is) => !is && setOpen(null)}
        title={t(named?.isDisabled ? 'people.enableTitle' : 'people.disableTitle', { name: named?.name ?? '' })}
        confirmLabel={named?.isDisabled ? t('people.enable') : t('people.disable')}
        variant={named?.isDisabled ? 'primary' : 'danger'}
        confirmDisabledReason={away}
        onConfirm={() => named && void disable.ask({ personId: named.id, isDisabled: !named.isDisabled })}
      >
        {t(named?.isDisabled ? 'people.enableMeans' : 'people.disableMeans')}
      </AlertDialog>
      <AlertDialog
        isOpen={open?.kind === 'reset'}
        onOpenChange={(is) => !is && setOpen(null)}
        title={t('people.resetTitle', { name: named?.name ?? '' })}
        confirmLabel={t('people.reset')}
        variant="danger"
        confirmDisabledReason={away}
        onConfirm={() =>
          named &&
          void reset
            .ask({ personId: named.id })
            .then((made) => made && setSecret({ name: named.name, password: made.password }))
        }
      >
        {t('people.resetMeans')}
      </AlertDialog>
      <OneTimeSecret
        title={t('secret.passwordTitle', { name: secret?.name ?? '' })}
        means={t('secret.passwordMeans')}
        secret={secret?.password ?? null}
        onClose={() => setSecret(null)}
      />
    </ScreenPart>
  );
}
