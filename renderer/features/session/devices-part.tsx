import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { AlertDialog } from '#renderer/ui/dialog.tsx';
import { timeOfDay } from '#renderer/ui/format.ts';
import { Inline, Stack, Text } from '#renderer/ui/layout.tsx';
import { EmptyState } from '#renderer/ui/notice.tsx';
import { ScreenPart } from '#renderer/ui/screen.tsx';
import { Table } from '#renderer/ui/table.tsx';
import { Age } from '#renderer/ui/time-text.tsx';
import type { Tone } from '#renderer/ui/tone.ts';
import { IdMint } from '#shared/lib/ids.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import type { Device } from '#shared/session/model.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { OneTimeSecret } from './one-time-secret.tsx';
import { Refusal } from './refusal.tsx';
import { useAsking } from './use-asking.ts';

const none = {};
const tones: Record<Device['state'], Tone> = { active: 'ok', frozen: 'warn', revoked: 'bad' };

/** Every profile on every computer, and codes for new ones. */
export function DevicesPart({ away }: { away: string | undefined }) {
  const { t } = useTranslation('session');
  const { locale } = useLocale();
  const { clock } = useBridge();
  const data = useDeskQuery(sessionQueries.devices, none).data;
  const [revoking, setRevoking] = useState<{ device: Device; personName: string } | null>(null);
  const [code, setCode] = useState<{ code: string; until: number } | null>(null);
  const revoke = useAsking(sessionCalls.revokeDevice);
  const issue = useAsking(sessionCalls.issueCode);
  return (
    <ScreenPart
      title={t('admin.devices')}
      actions={
        <Button
          variant="primary"
          icon={<Plus size="0.875rem" aria-hidden />}
          disabledReason={away}
          isPending={issue.isAsking}
          onPress={() => void issue.ask({ codeId: new IdMint(clock).next() }).then(setCode)}
        >
          {t('devices.issue')}
        </Button>
      }
    >
      <Refusal error={revoke.error ?? issue.error} />
      <Table
        label={t('admin.devices')}
        rows={data?.devices ?? []}
        idOf={(row) => row.device.id}
        empty={<EmptyState title={t('devices.emptyTitle')}>{t('devices.emptyMeans')}</EmptyState>}
        columns={[
          {
            id: 'label',
            title: t('devices.label'),
            isRowHeader: true,
            cell: ({ device, personName }) => (
              <Stack gap="none">
                <Text weight="medium" dir="auto">
                  {device.label}
                </Text>
                <Text size="sm" shade="faint" dir="auto">
                  {personName}
                </Text>
              </Stack>
            ),
          },
          {
            id: 'state',
            title: t('people.state'),
            cell: ({ device }) => (
              <Inline gap="sm">
                <Chip tone={tones[device.state]}>{t(`devices.${device.state}`)}</Chip>
                {device.lost ? <Text size="sm">{t('devices.lost', { count: device.lost })}</Text> : null}
              </Inline>
            ),
          },
          {
            id: 'enrolled',
            title: t('devices.enrolled'),
            cell: ({ device }) => <Age at={device.enrolledAt} isAgo isFocusable={false} />,
          },
          {
            id: 'seen',
            title: t('devices.seen'),
            cell: ({ device }) =>
              device.lastSeenAt === null ? t('people.never') : <Age at={device.lastSeenAt} isAgo isFocusable={false} />,
          },
          {
            id: 'do',
            title: t('people.do'),
            align: 'end',
            cell: (row) =>
              row.device.state === 'revoked' ? null : (
                <Button variant="danger" disabledReason={away} onPress={() => setRevoking(row)}>
                  {t('devices.revoke')}
                </Button>
              ),
          },
        ]}
      />
      <AlertDialog
        isOpen={revoking !== null}
        onOpenChange={(is) => !is && setRevoking(null)}
        title={t('devices.revokeTitle', { label: revoking?.device.label ?? '' })}
        confirmLabel={t('devices.revoke')}
        variant="danger"
        confirmDisabledReason={away}
        onConfirm={() => revoking && void revoke.ask({ deviceId: revoking.device.id })}
      >
        {t('devices.revokeMeans', { name: revoking?.personName ?? '' })}
      </AlertDialog>
      <OneTimeSecret
        title={t('secret.codeTitle')}
        means={t('secret.codeMeans', { time: code === null ? '' : timeOfDay(code.until, locale) })}
        secret={code?.code ?? null}
        onClose={() => setCode(null)}
      />
    </ScreenPart>
  );
}
