import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinScope } from '#core/db/cache-scopes.ts';
import { card } from '#shared/customer/queries.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { DeskReading, idOf } from '#tests/support/desk-reading.ts';

const mia = idOf(4);
let desk: DeskReading;

const money = (minor: number) => ({ minor, currency: 'EUR' });
const order = (n: number, customerId: string, placedAt: number) => ({
  id: idOf(n),
  number: `HP-${n}`,
  customerId,
  placedAt,
  promisedAt: null,
  stage: 'picked',
  stageAt: placedAt,
  trouble: null,
  lines: [{ sku: 'T1', title: 'Tent', quantity: 1 }],
  source: 'shop',
  asOf: 5,
});
const contact = (n: number, customerId: string, startedAt: number) => ({
  id: idOf(n),
  customerId,
  channel: 'email',
  startedAt,
  endedAt: null,
  topic: 'tent',
  resolution: null,
  agentName: null,
});

beforeEach(() => {
  desk = new DeskReading();
  const who = { name: 'Mia Berg', email: 'mia@example.com', phone: null, tier: 'gold', region: 'DE', language: 'de' };
  const customer = { id: mia, ...who, verification: 'site', since: 1, source: 'shop', asOf: 5 };
  desk.put(scopeOf.customer(mia), 'customer', [{ id: mia, body: customer }]);
  desk.put(scopeOf.customer(mia), 'order', [
    { id: idOf(30), body: order(30, mia, 100) },
    { id: idOf(31), body: order(31, mia, 300) },
  ]);
  desk.put(scopeOf.customer(mia), 'contact', [
    { id: idOf(40), body: contact(40, mia, 100) },
    { id: idOf(41), body: contact(41, mia, 200) },
  ]);
  desk.put(scopeOf.customer(idOf(5)), 'order', [{ id: idOf(32), body: order(32, idOf(5), 200) }]);
  const amounts = { total: money(5000), captured: money(5000), refunded: money(0), asOf: 5 };
  desk.put(scopeOf.finance(mia), 'orderMoney', [{ id: idOf(30), body: { id: idOf(30), customerId: mia, ...amounts } }]);
});
afterEach(() => desk.close());

describe('the card of a customer', () => {
  it('has who they are, their orders with amounts and their conversations, the newest first', () => {
    desk.hold(scopeOf.customer(mia), scopeOf.customer(idOf(5)), scopeOf.finance(mia));
    expect(desk.read(card, { customerId: mia })).toMatchObject({
      isHeld: true,
      customer: { name: 'Mia Berg' },
      orders: [
        { order: { number: 'HP-31' }, money: null },
        { order: { number: 'HP-30' }, money: { total: { minor: 5000 } } },
      ],
      contacts: [{ id: idOf(41) }, { id: idOf(40) }],
    });
  });

  it('has no amounts where the role does not hold them', () => {
    desk.hold(scopeOf.customer(mia));
    expect(desk.read(card, { customerId: mia }).orders.map((line) => line.money)).toEqual([null, null]);
  });

  it('has nothing before the customer is here whole', () => {
    desk.write((tx) => joinScope(tx, scopeOf.customer(mia), 9));
    expect(desk.read(card, { customerId: mia })).toEqual({ customer: null, contacts: [], orders: [], isHeld: false });
  });
});
