import type { Speaker, ThreadEvent } from '#shared/conversation/model.ts';
import type { Customer } from '#shared/customer/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { OrderStage } from '#shared/order/model.ts';
import { fakeId } from './rows.ts';

export const teamIds = { returns: fakeId(11), orders: fakeId(12) };
export const people = { ana: fakeId(21), ben: fakeId(22), max: fakeId(23), ida: fakeId(24) };
/** The conversations of the scene, by a short name. */
export const talks = {
  maya: fakeId(101),
  tomasz: fakeId(102),
  guest: fakeId(103),
  priya: fakeId(104),
  sara: fakeId(105),
  jonas: fakeId(106),
  guest2: fakeId(107),
  elena: fakeId(108),
  colleague: fakeId(109),
  resolved: fakeId(110),
};
type Line = [who: Speaker | 'note' | ThreadEvent['what'], text: string, minutesAgo: number];

/** One conversation of the scene, told in lines. */
export interface Talk {
  id: Id;
  name: string;
  team: Id;
  owner: Id | null;
  lines: Line[];
  customer: Partial<Customer>;
  order?: { number: string; stage: OrderStage; trouble: string | null; promisedDaysAgo: number };
  past?: number;
  isResolved?: boolean;
  readUpTo?: number;
}

/** What goes on at the pretended desk. */
export const scene: Talk[] = [
  {
    id: talks.maya,
    name: 'Maya Lindqvist',
    team: teamIds.orders,
    owner: people.ana,
    past: 3,
    readUpTo: 6,
    customer: {
      email: 'maya@lindqvist.example',
      phone: '+46 70 555 01 23',
      tier: 'gold',
      region: 'Lübeck',
      verification: 'site',
      language: 'en',
    },
    order: { number: 'HP-20931', stage: 'depot', trouble: 'Kiel depot mis-sort, 41 parcels', promisedDaysAgo: 2 },
    lines: [
      ['started', '', 14],
      ['bot', 'I can see order HP-20931 was marked delivered yesterday at 16:42. Is there anything else?', 13],
      ['customer', 'That is not true, nothing arrived. I want to talk to a person.', 12],
      ['taken', '', 11],
      [
        'agent',
        "Hi Maya, I am Ana. I can see the order and what you told the bot, so you need not repeat it. I am checking the carrier's handover now.",
        11,
      ],
      ['customer', 'Thank you. I need the tent for Saturday.', 10],
      ['note', 'Depot scan shows Kiel, not Lübeck. Same as the two cases this morning.', 9],
    ],
  },
  {
    id: talks.tomasz,
    name: 'Tomasz Wójcik-Brandenburger',
    team: teamIds.orders,
    owner: people.ana,
    past: 1,
    customer: {
      email: 'tomasz@wojcik.example',
      tier: 'silver',
      region: 'Poznań',
      verification: 'site',
      language: 'pl',
    },
    order: { number: 'HP-20877', stage: 'delivered', trouble: null, promisedDaysAgo: 9 },
    lines: [
      ['started', '', 5],
      ['customer', 'Invoice 4471 was charged twice. <b>Please</b> look at it.', 2],
    ],
  },
  {
    id: talks.guest,
    name: 'Guest 2208',
    team: teamIds.orders,
    owner: people.ana,
    customer: { region: 'Hamburg', language: 'de' },
    lines: [
      ['started', '', 6],
      ['customer', 'ist das Zelt wieder da?', 4],
    ],
  },
  {
    id: talks.priya,
    name: 'Priya Raman',
    team: teamIds.orders,
    owner: people.ana,
    customer: { verification: 'checked', email: 'priya@raman.example', region: 'Leeds' },
    order: { number: 'HP-20950', stage: 'packed', trouble: null, promisedDaysAgo: -2 },
    lines: [
      ['started', '', 30],
      ['customer', 'Can you send it to the warehouse instead?', 7],
      ['agent', 'Let me ask them.', 6],
    ],
  },
  {
    id: talks.sara,
    name: 'سارة الحسن',
    team: teamIds.returns,
    owner: people.ana,
    customer: { verification: 'site', region: 'Berlin', language: 'ar', email: 'sara@hassan.example' },
    lines: [
      ['started', '', 20],
      ['customer', 'هل يمكن تغيير العنوان؟', 9],
    ],
  },
  {
    id: talks.jonas,
    name: 'Jonas Okafor',
    team: teamIds.orders,
    owner: people.ana,
    customer: { verification: 'site', region: 'Kiel' },
    lines: [
      ['started', '', 90],
      ['customer', 'When will the carrier come back to me?', 80],
      ['agent', 'They promised an answer by 14:00. I will write to you then.', 78],
    ],
  },
  {
    id: talks.guest2,
    name: 'Guest 7f2c',
    team: teamIds.returns,
    owner: null,
    customer: {},
    lines: [
      ['started', '', 2],
      ['bot', 'I did not understand "warranty". A person will be with you.', 1],
      ['customer', 'The zip is broken after one week', 1],
    ],
  },
  {
    id: talks.elena,
    name: 'Elena Petrova',
    team: teamIds.returns,
    owner: null,
    customer: { verification: 'site', region: 'Sofia', email: 'elena@petrova.example' },
    lines: [
      ['started', '', 4],
      ['customer', 'Wrong size, twice now. I would like to talk to a person.', 3],
    ],
  },
  {
    id: talks.colleague,
    name: 'Maximiliane-Theodora von Hohenstein-Wittelsbach zu Lauenburg',
    team: teamIds.orders,
    owner: people.ben,
    customer: { verification: 'site' },
    lines: [
      ['started', '', 50],
      ['customer', 'I should like to speak about the invoice for the spring collection.', 40],
      ['agent', 'Of course.', 38],
    ],
  },
  {
    id: talks.resolved,
    name: 'Håkon Nygård',
    team: teamIds.orders,
    owner: people.ana,
    isResolved: true,
    customer: { verification: 'site' },
    lines: [
      ['started', '', 200],
      ['customer', 'Thanks, it arrived!', 70],
      ['resolved', 'answered', 60],
    ],
  },
];
