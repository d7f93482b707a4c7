import { useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Card, type Definition, DefinitionList, StageBar } from '#renderer/ui/card.tsx';
import { dateFormat } from '#renderer/ui/format.ts';
import { Text } from '#renderer/ui/layout.tsx';
import { useNow } from '#renderer/ui/now.tsx';
import { Money } from '#renderer/ui/time-text.tsx';
import type { Order, OrderMoney } from '#shared/order/model.ts';
import { daysOver, shownStages, stageState } from './order-stages.ts';
import { SourceAge } from './source-age.tsx';

function PromisedWords({ order, at }: { order: Order; at: number }) {
  const { t } = useTranslation('customer');
  const { locale } = useLocale();
  const over = useNow((now) => daysOver(order, now));
  const date = dateFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(at);
  return (
    <Text isTabular>
      {date} {over === 0 ? null : <Text tone="bad">{t('order.over', { count: over })}</Text>}
    </Text>
  );
}

/** One order: where it stands, what was promised, what is in it. */
export function OrderCard({ order, money }: { order: Order; money: OrderMoney | null }) {
  const { t } = useTranslation('customer');
  const isLate = useNow((now) => daysOver(order, now) > 0);
  const lines = order.lines
    .slice(0, 4)
    .map((line) => (line.quantity === 1 ? line.title : t('order.line', { count: line.quantity, title: line.title })));
  const facts: Definition[] = [];
  if (order.promisedAt !== null)
    facts.push({
      id: 'promised',
      term: t('order.promised'),
      value: <PromisedWords order={order} at={order.promisedAt} />,
    });
  if (order.trouble !== null)
    facts.push({ id: 'trouble', term: t('order.trouble'), value: <Text tone="warn">{order.trouble}</Text> });
  if (lines.length > 0)
    facts.push({
      id: 'lines',
      term: t('order.lines'),
      value: order.lines.length > 4 ? `${lines.join(', ')} …` : lines.join(', '),
    });
  if (money !== null) {
    facts.push({
      id: 'total',
      term: t('order.total'),
      value: (
        <>
          <Money minor={money.total.minor} currency={money.total.currency} />
          {money.refunded.minor === 0 ? null : (
            <>
              {' · '}
              {t('order.refunded')} <Money minor={money.refunded.minor} currency={money.refunded.currency} />
            </>
          )}
        </>
      ),
    });
  }
  return (
    <Card
      title={t('order.title', { number: order.number })}
      source={<SourceAge source={order.source} at={order.asOf} />}
    >
      <StageBar
        stages={shownStages.map((stage) => ({
          id: stage,
          label: t(`stage.${stage}`),
          state: stageState(stage, order, isLate),
        }))}
        stateWords={{
          done: t('stageState.done'),
          late: t('stageState.late'),
          current: t('stageState.current'),
          ahead: t('stageState.ahead'),
        }}
      />
      <DefinitionList items={facts} />
    </Card>
  );
}
