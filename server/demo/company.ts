import type { Contact, Customer } from '#shared/customer/model.ts';
import { type Id, IdMint } from '#shared/lib/ids.ts';
import { type Order, type OrderMoney, orderStages } from '#shared/order/model.ts';
import type { Role } from '#shared/session/model.ts';
import { Chance } from './random.ts';
import { firstNames, lastNames, otherNames, pastTopics, products, regions, troubles } from './words.ts';

const day = 24 * 60 * 60 * 1000;
const resolutions = ['answered', 'order-fixed', 'refunded', 'replaced', 'no-answer'] as const;
const channels = ['web', 'email', 'phone', 'whatsapp', 'sms'] as const;

export interface DemoPerson {
  readonly id: Id;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly teams: readonly number[];
}

/** A customer with everything that came before today. */
export interface DemoCustomer {
  readonly customer: Customer & { readonly externalId: string };
  readonly contacts: readonly Contact[];
  readonly orders: readonly { readonly order: Order; readonly money: OrderMoney }[];
}

export const demoTeams = [
  { name: 'Returns', region: 'Hamburg' },
  { name: 'Delivery', region: 'Bristol' },
] as const;

const staff: readonly { name: string; login: string; role: Role; teams: readonly number[] }[] = [
  { name: 'Ana Keller', login: 'ana', role: 'agent', teams: [0] },
  { name: 'Ben Ashworth', login: 'ben', role: 'agent', teams: [0] },
  { name: 'Chidi Eze', login: 'chidi', role: 'agent', teams: [0, 1] },
  { name: 'Dora Lindgren', login: 'dora', role: 'agent', teams: [1] },
  { name: 'Emil Sørensen', login: 'emil', role: 'agent', teams: [1] },
  { name: 'Sofia Marques', login: 'sofia', role: 'supervisor', teams: [0, 1] },
  { name: 'Ulla Brandt', login: 'ulla', role: 'super-user', teams: [0, 1] },
  { name: 'Oren Katz', login: 'oren', role: 'operations', teams: [0, 1] },
  { name: 'Ada Winter', login: 'ada', role: 'admin', teams: [] },
];

/** The invented company, told from a seed: the same seed and time tell the same people, customers and orders. */
export class DemoCompany {
  private readonly chance: Chance;
  private readonly mint: IdMint;
  private readonly now: number;
  private count = 0;
  private orderCount = 0;

  constructor(seed: number, now: number) {
    this.chance = new Chance(seed);
    this.now = now;
    this.mint = new IdMint({ now: () => now - 400 * day }, (into) => this.chance.bytes(into));
  }

  id(): Id {
    return this.mint.next();
  }

  people(): DemoPerson[] {
    return staff.map((s) => ({
      id: this.id(),
      name: s.name,
      email: `${s.login}@harbour-pine.example`,
      role: s.role,
      teams: s.teams,
    }));
  }

  /** The next customer; the first is always the one who is signed in on the demo shop. */
  customer(): DemoCustomer {
    this.count += 1;
    const isFirst = this.count === 1;
    const place = isFirst ? regions[0] : this.chance.pick(regions);
    // The fifth writes Arabic, so that the demo always shows a right-to-left name.
    const name = isFirst
      ? 'Maya Lindqvist'
      : this.count === 5
        ? otherNames[0]
        : this.chance.happens(0.03)
          ? this.chance.pick(otherNames)
          : `${this.chance.pick(firstNames)} ${this.chance.pick(lastNames)}`;
    const id = this.id();
    const since = this.now - this.chance.whole(30, 1_500) * day;
    const customer = {
      id,
      name,
      email: `customer${this.count}@mail.example`,
      phone: `${place.phone} ${this.chance.whole(1_000_000, 9_999_999)}`,
      tier: this.chance.pick(['standard', 'standard', 'standard', 'silver', 'gold'] as const),
      region: place.region,
      language: place.language,
      verification: 'site' as const,
      since,
      source: 'shop',
      asOf: this.now - this.chance.whole(5, 600) * 1000,
      externalId: isFirst ? 'maya' : `c${this.count}`,
    };
    return {
      customer,
      contacts: Array.from({ length: this.chance.whole(0, 4) }, () => this.contact(id, since)),
      orders: Array.from({ length: isFirst ? 2 : this.chance.whole(0, 3) }, (_, i) =>
        this.order(id, place.currency, isFirst && i === 0),
      ),
    };
  }

  private contact(customerId: Id, since: number): Contact {
    const startedAt = since + Math.floor(this.chance.next() * (this.now - 2 * day - since));
    return {
      id: this.id(),
      customerId,
      channel: this.chance.pick(channels),
      startedAt,
      endedAt: startedAt + this.chance.whole(3, 90) * 60_000,
      topic: this.chance.pick(pastTopics),
      resolution: this.chance.pick(resolutions),
      agentName: staff[this.chance.whole(0, 4)]?.name ?? null,
    };
  }

  private order(customerId: Id, currency: string, isLate: boolean): { order: Order; money: OrderMoney } {
    const id = this.id();
    this.orderCount += 1;
    const placedAt = this.now - this.chance.whole(1, 40) * day;
    const stage = isLate ? 'depot' : this.chance.pick(orderStages);
    const isDelivered = stage === 'delivered';
    const first = this.chance.whole(0, products.length - 1);
    const lines = Array.from({ length: this.chance.whole(1, 3) }, (_, i) => ({
      product: products[(first + i * 3) % products.length] ?? products[0],
      quantity: this.chance.happens(0.25) ? 2 : 1,
    }));
    const total = lines.reduce((sum, l) => sum + l.product.minor * l.quantity, 0);
    const asOf = this.now - this.chance.whole(5, 300) * 1000;
    const promisedAt = isLate ? this.now - 2 * day : placedAt + this.chance.whole(2, 6) * day;
    const isInTrouble = isLate || (!isDelivered && this.chance.happens(0.15));
    return {
      order: {
        id,
        number: `HP-${20_931 + this.orderCount * 3 + this.chance.whole(0, 2)}`,
        customerId,
        placedAt,
        promisedAt,
        stage,
        stageAt: Math.min(this.now, placedAt + this.chance.whole(1, 3) * day),
        trouble: isInTrouble ? this.chance.pick(troubles) : null,
        lines: lines.map((l) => ({ sku: l.product.sku, title: l.product.title, quantity: l.quantity })),
        source: 'orders',
        asOf,
      },
      money: {
        id,
        customerId,
        total: { minor: total, currency },
        captured: { minor: stage === 'placed' ? 0 : total, currency },
        refunded: { minor: 0, currency },
        asOf,
      },
    };
  }
}
