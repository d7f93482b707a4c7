import { type Order, orderStages } from '#shared/order/model.ts';

/** The stages drawn as a bar: where it is, what is behind, what is ahead. `placed` is where every order begins and is not drawn. */
export const shownStages = orderStages.slice(1);

export type StageState = 'done' | 'late' | 'current' | 'ahead';

/** Whole days an order is over its promised date; 0 when it is not, or none was promised, or it has arrived. */
export function daysOver(order: Pick<Order, 'promisedAt' | 'stage' | 'stageAt'>, now: number): number {
  if (order.promisedAt === null) return 0;
  const until = order.stage === 'delivered' ? order.stageAt : now;
  return Math.max(0, Math.floor((until - order.promisedAt) / 86_400_000));
}

/** How a stage is drawn for an order. */
export function stageState(
  stage: (typeof orderStages)[number],
  order: Pick<Order, 'stage' | 'trouble'>,
  isLate: boolean,
): StageState {
  const at = orderStages.indexOf(order.stage);
  const its = orderStages.indexOf(stage);
  if (its < at || (its === at && order.stage === 'delivered')) return 'done';
  if (its > at) return 'ahead';
  return order.trouble !== null || isLate ? 'late' : 'current';
}
