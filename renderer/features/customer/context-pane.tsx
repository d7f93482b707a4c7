import { useTranslation } from 'react-i18next';
import { useDeskQuery } from '#renderer/bridge/bridge.tsx';
import { Card, CardLine, type Definition, DefinitionList } from '#renderer/ui/card.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Inline, Stack, Text } from '#renderer/ui/layout.tsx';
import { EmptyState, LoadingHint } from '#renderer/ui/notice.tsx';
import { Age } from '#renderer/ui/time-text.tsx';
import type { Tone } from '#renderer/ui/tone.ts';
import type { Contact, Customer } from '#shared/customer/model.ts';
import * as customerQueries from '#shared/customer/queries.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { OrderCard } from './order-card.tsx';
import { SourceAge } from './source-age.tsx';

const none = {};

export interface ContextPaneProps {
  customerId: Id;
  /** the conversation beside it; it is no past one */
  conversationId: Id;
}

/** Who the customer is, what they ordered, and what was talked about before. Keyed by the customer. */
export function ContextPane({ customerId, conversationId }: ContextPaneProps) {
  return <Context key={customerId} customerId={customerId} conversationId={conversationId} />;
}

function Context({ customerId, conversationId }: ContextPaneProps) {
  const { t } = useTranslation('customer');
  const wordsOf = useErrorWords();
  const { data, error } = useDeskQuery(customerQueries.card, { customerId });
  const link = useDeskQuery(sessionQueries.status, none).data?.link.state;
  if (data === undefined) {
    if (error === null) return <Loading />;
    return <EmptyState title={wordsOf(error).what}>{`${wordsOf(error).means} ${wordsOf(error).todo}`}</EmptyState>;
  }
  // While the hub is there it comes with the conversation, at once.
  if (!data.isHeld && (link === 'live' || link === 'catching-up')) return <Loading />;
  if (!data.isHeld) return <EmptyState title={t('notHeld.title')}>{t('notHeld.means')}</EmptyState>;
  const past = data.contacts.filter((contact) => contact.id !== conversationId);
  return (
    <>
      {data.customer === null ? (
        <CardLine title={t('who.title')}>{t('who.none')}</CardLine>
      ) : (
        <WhoCard customer={data.customer} />
      )}
      {data.orders.length === 0 ? <CardLine title={t('orders.title')}>{t('orders.none')}</CardLine> : null}
      {data.orders.map(({ order, money }) => (
        <OrderCard key={order.id} order={order} money={money} />
      ))}
      {past.length === 0 ? <CardLine title={t('past.title')}>{t('past.none')}</CardLine> : <PastCard contacts={past} />}
    </>
  );
}

function Loading() {
  return (
    <Stack pad="lg">
      <LoadingHint isFirst />
    </Stack>
  );
}

function language(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

function WhoCard({ customer }: { customer: Customer }) {
  const { t, i18n } = useTranslation('customer');
  const verified: Record<Customer['verification'], Tone> = { anonymous: 'neutral', site: 'ok', checked: 'ok' };
  const tiers: Record<Customer['tier'], Tone> = { standard: 'neutral', silver: 'neutral', gold: 'warn' };
  const facts: Definition[] = [
    { id: 'name', term: t('who.name'), value: customer.name },
    {
      id: 'verification',
      term: t('who.verification'),
      value: <Text tone={verified[customer.verification]}>{t(`verification.${customer.verification}`)}</Text>,
    },
  ];
  if (customer.email !== null) facts.push({ id: 'email', term: t('who.email'), value: customer.email });
  if (customer.phone !== null)
    facts.push({ id: 'phone', term: t('who.phone'), value: <Text isTabular>{customer.phone}</Text> });
  if (customer.region !== '') facts.push({ id: 'region', term: t('who.region'), value: customer.region });
  if (customer.language !== '')
    facts.push({
      id: 'language',
      term: t('who.language'),
      value: language(customer.language, i18n.language === 'de' ? 'de' : 'en'),
    });
  if (customer.since !== null)
    facts.push({ id: 'since', term: t('who.since'), value: <Age at={customer.since} isAgo /> });
  return (
    <Card
      title={t('who.title')}
      chip={customer.tier === 'standard' ? null : <Chip tone={tiers[customer.tier]}>{t(`tier.${customer.tier}`)}</Chip>}
      source={<SourceAge source={customer.source} at={customer.asOf} />}
    >
      <DefinitionList items={facts} />
    </Card>
  );
}

function PastCard({ contacts }: { contacts: readonly Contact[] }) {
  const { t } = useTranslation('customer');
  return (
    <Card title={t('past.title')} chip={<Chip>{contacts.length}</Chip>} source={t('past.source')}>
      <Stack gap="sm">
        {contacts.slice(0, 8).map((contact) => (
          <Stack key={contact.id} gap="none">
            <Inline justify="between" align="baseline">
              <Text size="sm" weight="medium" dir="auto" isTruncated>
                {contact.topic === '' ? t('past.noTopic') : contact.topic}
              </Text>
              <Text size="xs" shade="faint">
                <Age at={contact.startedAt} isAgo />
              </Text>
            </Inline>
            <Text size="xs" shade="faint">
              {[
                t(`channel.${contact.channel}`),
                contact.endedAt === null
                  ? t('past.open')
                  : contact.resolution === null
                    ? t('past.ended')
                    : t(`conversation:resolution.${contact.resolution}`),
                contact.agentName,
              ]
                .filter((part) => part !== null && part !== '')
                .join(' · ')}
            </Text>
          </Stack>
        ))}
        {contacts.length > 8 ? (
          <Text size="xs" shade="faint">
            {t('past.more', { count: contacts.length - 8 })}
          </Text>
        ) : null}
      </Stack>
    </Card>
  );
}
