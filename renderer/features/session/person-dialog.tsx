import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as z from 'zod/mini';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Checkbox, Fieldset } from '#renderer/ui/choices.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { TextField } from '#renderer/ui/fields.tsx';
import { FormColumn } from '#renderer/ui/form-column.tsx';
import { Inline } from '#renderer/ui/layout.tsx';
import { Select } from '#renderer/ui/select.tsx';
import { IdMint } from '#shared/lib/ids.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import { emailSchema, nameSchema, type Person, staffRoleSchema, type Team } from '#shared/session/model.ts';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

export interface PersonDialogProps {
  /** null = a new one */
  person: Person | null;
  teams: readonly Team[];
  isSelf: boolean;
  onClose: () => void;
  onSecret: (name: string, password: string) => void;
}

/** A person's name, role and teams; for a new one the e-mail address as well, answered with a one-time password. */
export function PersonDialog({ person, teams, isSelf, onClose, onSecret }: PersonDialogProps) {
  const { t } = useTranslation('session');
  const { clock } = useBridge();
  const [personId] = useState(() => person?.id ?? new IdMint(clock).next());
  const [name, setName] = useState(person?.name ?? '');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Person['role']>(person?.role ?? 'agent');
  const [teamIds, setTeamIds] = useState<readonly string[]>(person?.teamIds ?? []);
  const [isTried, setTried] = useState(false);
  const add = useAsking(sessionCalls.addPerson);
  const change = useAsking(sessionCalls.changePerson);
  const goodName = z.safeParse(nameSchema, name);
  const goodEmail = z.safeParse(emailSchema, email);

  const submit = async (): Promise<void> => {
    setTried(true);
    if (!goodName.success || (person === null && !goodEmail.success)) return;
    const facts = { personId, name: goodName.data, role, teamIds: [...teamIds] };
    if (person !== null) {
      if ((await change.ask(facts)) !== null) onClose();
      return;
    }
    const made = goodEmail.success ? await add.ask({ ...facts, email: goodEmail.data }) : null;
    if (made === null) return;
    onClose();
    onSecret(goodName.data, made.password);
  };

  return (
    <Dialog
      isOpen
      onOpenChange={(is) => !is && onClose()}
      title={person === null ? t('people.add') : t('people.changeTitle', { name: person.name })}
      width="sm"
    >
      <FormColumn onSubmit={() => void submit()}>
        <TextField
          label={t('people.name')}
          value={name}
          onChange={setName}
          isRequired
          autoFocus
          maxLength={120}
          error={isTried && !goodName.success ? t('people.noName') : undefined}
        />
        {person === null ? (
          <TextField
            label={t('signIn.email')}
            type="email"
            value={email}
            onChange={setEmail}
            isRequired
            error={isTried && !goodEmail.success ? t('signIn.badEmail') : undefined}
          />
        ) : null}
        <Select
          label={t('people.role')}
          value={role}
          onChange={setRole}
          isDisabled={isSelf}
          options={staffRoleSchema.options.map((value) => ({
            value,
            label: t(`role.${value}`),
            help: t(`roleHelp.${value}`),
          }))}
          {...(isSelf ? { help: t('people.notYourself') } : {})}
        />
        <Fieldset label={t('people.teams')}>
          {teams.map((team) => (
            <Checkbox
              key={team.id}
              isSelected={teamIds.includes(team.id)}
              onChange={(is) => setTeamIds(is ? [...teamIds, team.id] : teamIds.filter((id) => id !== team.id))}
            >
              {team.name}
            </Checkbox>
          ))}
        </Fieldset>
        <Refusal error={add.error ?? change.error} />
        <Inline justify="end">
          <Button onPress={onClose}>{t('ui:cancel')}</Button>
          <Button variant="primary" type="submit" isPending={add.isAsking || change.isAsking}>
            {person === null ? t('people.add') : t('people.save')}
          </Button>
        </Inline>
      </FormColumn>
    </Dialog>
  );
}
