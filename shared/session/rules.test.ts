import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scopeOf } from '../lib/scope.ts';
import {
  can,
  type HeldConversation,
  type Holder,
  mayHold,
  mayOpen,
  openedHoldings,
  ownershipHoldings,
  permissionsOf,
  standingHoldings,
} from './rules.ts';

const ids = Array.from({ length: 6 }, (_, i) => `00000000-0000-7000-8000-00000000000${i}`);
const id = fc.constantFrom(...ids);
const roles = ['customer', 'agent', 'supervisor', 'super-user', 'operations', 'admin', 'made-up'];
const holder: fc.Arbitrary<Holder> = fc.record({
  deviceId: id,
  personId: id,
  role: fc.constantFrom(...roles),
  teamIds: fc.uniqueArray(id, { maxLength: 3 }),
  isDisabled: fc.boolean(),
  deviceState: fc.constantFrom('active' as const, 'frozen' as const, 'revoked' as const),
});
const conversation: fc.Arbitrary<HeldConversation> = fc.record({
  id,
  teamId: id,
  ownerId: fc.option(id),
  customerId: id,
});

test('an unknown role, and a customer, have no right at all', () => {
  expect(permissionsOf('made-up')).toEqual([]);
  expect(permissionsOf('__proto__')).toEqual([]);
  expect(permissionsOf('customer')).toEqual([]);
  expect(can('agent', 'people.manage')).toBe(false);
  expect(can('admin', 'conversation.read')).toBe(false);
});

test('a disabled person, and a frozen or revoked device, hold nothing', () => {
  fc.assert(
    fc.property(holder, conversation, (h, c) => {
      fc.pre(h.isDisabled || h.deviceState !== 'active');
      expect([...standingHoldings(h), ...ownershipHoldings(h, c), ...openedHoldings(h, c)]).toEqual([]);
    }),
  );
});

test('what is granted is exactly what may be held, cause by cause', () => {
  fc.assert(
    fc.property(holder, conversation, (h, c) => {
      const granted = [...standingHoldings(h), ...ownershipHoldings(h, c), ...openedHoldings(h, c)];
      for (const g of granted) expect(mayHold(h, g, c)).toBe(true);
      const keys = new Set(granted.map((g) => `${g.scope}|${g.cause}`));
      const scopes = [
        scopeOf.org,
        scopeOf.admin,
        ...ids.flatMap((i) => [
          scopeOf.team(i),
          scopeOf.floor(i),
          scopeOf.device(i),
          scopeOf.agent(i),
          scopeOf.conversation(i),
          scopeOf.publicOf(i),
          scopeOf.customer(i),
          scopeOf.finance(i),
        ]),
      ];
      const causes = ['device', 'role', ...ids.map((i) => `membership:${i}`), `ownership:${c.id}`, `opened:${c.id}`];
      for (const scope of scopes)
        for (const cause of causes) expect(mayHold(h, { scope, cause }, c)).toBe(keys.has(`${scope}|${cause}`));
    }),
    { numRuns: 60 },
  );
});

test('a conversation is opened only by its owner or from its team, and money only with the right to it', () => {
  fc.assert(
    fc.property(holder, conversation, (h, c) => {
      const isNear = c.ownerId === h.personId || h.teamIds.includes(c.teamId);
      if (mayOpen(h, c)) expect(isNear).toBe(true);
      const scopes = openedHoldings(h, c).map((g) => g.scope);
      expect(scopes.includes(scopeOf.finance(c.customerId))).toBe(mayOpen(h, c) && can(h.role, 'customer.finance'));
    }),
  );
});

test('without the conversation a cause names, nothing rests on it', () => {
  fc.assert(
    fc.property(holder, conversation, (h, c) => {
      for (const g of [...ownershipHoldings(h, c), ...openedHoldings(h, c)]) expect(mayHold(h, g, null)).toBe(false);
    }),
  );
});
