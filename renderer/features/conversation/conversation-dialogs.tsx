import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { ReasonDialog } from '#renderer/ui/reason-dialog.tsx';
import { type Head, type Resolution, resolutionSchema } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { isolated } from './recipient.ts';

interface Open {
  head: Head;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Closes a conversation with a reason: number keys choose, Enter confirms. */
export function ResolveDialog({
  head,
  isOpen,
  onOpenChange,
  onResolve,
}: Open & { onResolve: (resolution: Resolution, comment: string) => void }) {
  const { t } = useTranslation('conversation');
  return (
    <ReasonDialog<Resolution>
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={t('resolveDialog.title', { name: isolated(head.customerName) })}
      intro={t('resolveDialog.intro')}
      question={t('resolveDialog.question')}
      options={resolutionSchema.options.map((value) => ({
        value,
        label: t(`resolution.${value}`),
        needsText: value === 'other',
      }))}
      textLabel={t('resolveDialog.comment')}
      textHelp={t('resolveDialog.help')}
      confirmLabel={t('resolve')}
      maxLength={500}
      onConfirm={onResolve}
    />
  );
}

/** Gives a conversation to another team. */
export function MoveDialog({
  head,
  isOpen,
  onOpenChange,
  onMove,
}: Open & { onMove: (teamId: Id, reason: string) => void }) {
  const { t } = useTranslation('conversation');
  const teams = useDeskQuery(sessionQueries.people, {}, { isEnabled: isOpen }).data?.teams ?? [];
  return (
    <ReasonDialog<Id>
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={t('moveDialog.title', { name: isolated(head.customerName) })}
      intro={t('moveDialog.intro')}
      question={t('moveDialog.question')}
      options={teams.filter((team) => team.id !== head.teamId).map((team) => ({ value: team.id, label: team.name }))}
      textLabel={t('moveDialog.reason')}
      textHelp={t('moveDialog.help')}
      confirmLabel={t('move')}
      maxLength={500}
      onConfirm={onMove}
    />
  );
}
