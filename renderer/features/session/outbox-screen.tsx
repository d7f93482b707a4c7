import { CircleCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useBridge, useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { DefinitionList } from '#renderer/ui/card.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { DiscardDialog } from '#renderer/ui/discard-dialog.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { exactTime } from '#renderer/ui/format.ts';
import { Inline, Stack, Text } from '#renderer/ui/layout.tsx';
import { Banner, EmptyState, LoadingHint } from '#renderer/ui/notice.tsx';
import { Screen, ScreenPart } from '#renderer/ui/screen.tsx';
import { Table } from '#renderer/ui/table.tsx';
import { Age } from '#renderer/ui/time-text.tsx';
import type { Tone } from '#renderer/ui/tone.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import type { OutboxItem, Status } from '#shared/session/model.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { outboxParts } from './outbox-groups.ts';

const none = {};

export interface OutboxScreenProps {
  onShow: (conversationId: Id) => void;
  /** the session at the hub has ended: locks this profile and offers to sign in again */
  onSignIn: () => void;
  /** what the person was told in passing */
  told: ReactNode;
}

const tones: Record<OutboxItem['state'], Tone> = {
  waiting: 'wait',
  sent: 'wait',
  done: 'ok',
  refused: 'bad',
  held: 'bad',
  failed: 'bad',
  discarded: 'neutral',
};

/** Everything this desk did that the hub has not confirmed: what waits, what was refused, and what can be done about it. */
export function OutboxScreen({ onShow, onSignIn, told }: OutboxScreenProps) {
  const { t } = useTranslation('session');
  const { core } = useBridge();
  const wordsOf = useErrorWords();
  const outbox = useDeskQuery(sessionQueries.outbox, none);
  const status = useDeskQuery(sessionQueries.status, none).data;
  const [discarding, setDiscarding] = useState<readonly number[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const { stuck, onItsWay } = outboxParts(outbox.data?.items ?? []);
  const again = async (items: readonly OutboxItem[]): Promise<void> => {
    const answer = await core.call(sessionCalls.sendAgain, { ns: items.map((i) => i.n) });
    setError(answer.ok ? null : answer.error);
  };
  const giveUp = async (reason: string): Promise<void> => {
    const answer = await core.call(sessionCalls.giveUp, { ns: [...discarding], reason });
    setError(answer.ok ? null : answer.error);
  };
  const reconnect = async (): Promise<void> => {
    const answer = await core.call(sessionCalls.reconnect, none);
    setError(answer.ok ? null : answer.error);
  };

  return (
    <Screen
      title={t('outbox.title')}
      facts={
        <Chip tone={onItsWay.length > 0 ? 'wait' : 'neutral'}>{t('outbox.count', { count: onItsWay.length })}</Chip>
      }
    >
      {status ? <Link status={status} onReconnect={() => void reconnect()} onSignIn={onSignIn} /> : null}
      {error === null ? null : (
        <Banner tone="bad" isUrgent>{`${wordsOf(error).what} ${wordsOf(error).means} ${wordsOf(error).todo}`}</Banner>
      )}
      {outbox.data === undefined ? <LoadingHint isFirst /> : null}
      {stuck.length === 0 ? null : (
        <ScreenPart title={t('outbox.stuck')}>
          {stuck.map((group) => (
            <Group
              key={group.key}
              items={group.items}
              onShow={onShow}
              onAgain={() => void again(group.items)}
              onDiscard={() => setDiscarding(group.items.map((i) => i.n))}
            />
          ))}
        </ScreenPart>
      )}
      {outbox.data === undefined ? null : (
        <ScreenPart title={t('outbox.onItsWay')}>
          <Table
            label={t('outbox.onItsWay')}
            rows={onItsWay}
            idOf={(item) => String(item.n)}
            empty={
              <EmptyState title={t('outbox.emptyTitle')} icon={<CircleCheck size="1.25rem" aria-hidden />}>
                {t('outbox.emptyMeans')}
              </EmptyState>
            }
            columns={[
              { id: 'what', title: t('outbox.what'), isRowHeader: true, cell: (item) => <What item={item} /> },
              { id: 'who', title: t('outbox.who'), cell: (item) => <Text dir="auto">{item.customerName ?? '–'}</Text> },
              {
                id: 'state',
                title: t('outbox.state'),
                cell: (item) => <Chip tone={tones[item.state]}>{t(`outbox.states.${item.state}`)}</Chip>,
              },
              { id: 'at', title: t('outbox.written'), cell: (item) => <Age at={item.at} isAgo isFocusable={false} /> },
              {
                id: 'do',
                title: t('outbox.do'),
                align: 'end',
                cell: (item) => (
                  <Inline justify="end">
                    <ShowButton item={item} onShow={onShow} />
                    <Button
                      variant="quiet"
                      disabledReason={item.isDiscardable ? undefined : t('outbox.notDiscardable')}
                      onPress={() => setDiscarding([item.n])}
                    >
                      {t('outbox.discard')}
                    </Button>
                  </Inline>
                ),
              },
            ]}
          />
        </ScreenPart>
      )}
      {told}
      <DiscardDialog
        count={discarding.length}
        onClose={() => setDiscarding([])}
        onConfirm={(reason) => void giveUp(reason)}
      />
    </Screen>
  );
}

function What({ item }: { item: OutboxItem }) {
  const { t } = useTranslation('session');
  return (
    <Stack gap="none">
      <Text weight="medium">{t(`command.${item.kind}`, { defaultValue: item.kind })}</Text>
      {item.text === null ? null : (
        <Text size="sm" shade="soft" dir="auto">
          {item.text.length > 120 ? `${[...item.text].slice(0, 119).join('')}…` : item.text}
        </Text>
      )}
    </Stack>
  );
}

function ShowButton({ item, onShow }: { item: OutboxItem; onShow: (id: Id) => void }) {
  const { t } = useTranslation('session');
  const id = item.conversationId;
  return id === null ? null : (
    <Button variant="quiet" onPress={() => onShow(id)}>
      {t('outbox.show')}
    </Button>
  );
}

interface GroupProps {
  items: readonly OutboxItem[];
  onShow: (id: Id) => void;
  onAgain: () => void;
  onDiscard: () => void;
}

function Group({ items, onShow, onAgain, onDiscard }: GroupProps) {
  const { t } = useTranslation('session');
  const wordsOf = useErrorWords();
  const first = items.find((i) => i.error !== null && i.state !== 'held') ?? items[0];
  const words = first?.error ? wordsOf(first.error) : null;
  return (
    <Stack gap="sm">
      <Banner
        tone="bad"
        action={
          <>
            {first ? <ShowButton item={first} onShow={onShow} /> : null}
            <Button onPress={onAgain}>{t('outbox.again', { count: items.length })}</Button>
            <Button variant="danger" onPress={onDiscard}>
              {t('outbox.discard')}
            </Button>
          </>
        }
      >
        {words === null ? t('outbox.noReason') : `${words.what} ${words.means} ${words.todo}`}
      </Banner>
      {items.map((item) => (
        <Inline key={item.n} gap="md" isWrapping>
          <Chip tone={tones[item.state]}>{t(`outbox.states.${item.state}`)}</Chip>
          <Text dir="auto">{item.customerName ?? '–'}</Text>
          <What item={item} />
        </Inline>
      ))}
    </Stack>
  );
}

interface LinkProps {
  status: Status;
  onReconnect: () => void;
  onSignIn: () => void;
}

function Link({ status, onReconnect, onSignIn }: LinkProps) {
  const { t } = useTranslation('session');
  const { locale } = useLocale();
  const { link } = status;
  const isLive = link.state === 'live' || link.state === 'catching-up';
  const mustSignIn = link.state === 'sign-in-needed' && link.why !== 'version';
  const action = mustSignIn ? (
    <Button variant="primary" onPress={onSignIn}>
      {t('outbox.signIn')}
    </Button>
  ) : (
    <Button onPress={onReconnect}>{t('outbox.reconnect')}</Button>
  );
  return (
    <ScreenPart title={t('outbox.link')} actions={isLive ? null : action}>
      <DefinitionList
        items={[
          { id: 'hub', term: t('outbox.hub'), value: status.hubAddress },
          { id: 'state', term: t('outbox.state'), value: t(`linkState.${status.link.state}`) },
          ...(status.dataAt === null
            ? []
            : [{ id: 'data', term: t('outbox.dataAt'), value: exactTime(status.dataAt - status.clockOffset, locale) }]),
          ...(status.offlineUntil === null
            ? []
            : [
                {
                  id: 'until',
                  term: t('outbox.offlineUntil'),
                  value: exactTime(status.offlineUntil - status.clockOffset, locale),
                },
              ]),
        ]}
      />
    </ScreenPart>
  );
}
