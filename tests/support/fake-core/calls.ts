import * as z from 'zod/mini';
import type { Account, Person, Team } from '#shared/session/model.ts';
import { permissionsOf } from '#shared/session/rules.ts';
import type { FakeDesk } from './rows.ts';
import { textOf } from './rows.ts';

const ns = z.object({ ns: z.array(z.int()) });

function put(core: FakeDesk, entity: string, scope: string, body: { id: string }): void {
  core.world.rows.push({ scope, entity, id: body.id, body });
  core.changed([{ entity, scope, id: body.id }]);
}

/** What the pretended core and hub answer to a call; most only change the world. */
export function fakeCall(core: FakeDesk, name: string, args: Record<string, unknown>): unknown {
  const { world } = core;
  const conversationId = textOf(args['conversationId']);
  const personId = textOf(args['personId']);
  const person = core.truth().read('person', personId) as Person | null;
  switch (name) {
    case 'conversation.open':
      world.held.add(conversationId);
      core.changed();
      return {};
    case 'conversation.close':
      world.held.delete(conversationId);
      core.changed();
      return {};
    case 'conversation.saveDraft': {
      const before = world.drafts.find((d) => d.conversationId === conversationId);
      if (before) world.history.unshift(before);
      world.drafts = world.drafts.filter((d) => d.conversationId !== conversationId);
      const text = String(args['text']);
      const kind = args['kind'] === 'note' ? 'note' : 'reply';
      if (text !== '') world.drafts.push({ conversationId, kind, text, updatedAt: core.clock.now() });
      core.changed([{ entity: 'local.draft', id: conversationId }]);
      return {};
    }
    case 'conversation.seen':
      world.seen.set(conversationId, Math.max(world.seen.get(conversationId) ?? 0, Number(args['upTo'])));
      core.changed([{ entity: 'receipt' }]);
      return {};
    case 'session.enrol':
      world.stations.push({ id: 'station-1', hubAddress: String(args['address']), orgName: 'Harbour & Pine' });
      core.changed([{ entity: 'local.profile' }]);
      return { stationId: 'station-1', orgName: 'Harbour & Pine' };
    case 'session.sendAgain': {
      const again = z.parse(ns, args).ns;
      for (const item of world.items.filter((i) => again.includes(i.n))) {
        item.state = 'discarded';
        core.write(item.kind, item.args, item.basis);
      }
      core.changed();
      return {};
    }
    case 'session.giveUp': {
      const given = z.parse(ns, args).ns;
      for (const item of world.items) if (given.includes(item.n)) item.state = 'discarded';
      core.changed();
      return {};
    }
    case 'session.addPerson': {
      const added = {
        id: personId,
        name: String(args['name']),
        role: args['role'] as Person['role'],
        teamIds: args['teamIds'] as string[],
        isDisabled: false,
      };
      const account: Account = {
        id: personId,
        email: String(args['email']),
        isDisabled: false,
        mustChangePassword: true,
        createdAt: core.clock.now(),
        lastSignInAt: null,
      };
      put(core, 'account', 'admin', account);
      put(core, 'person', 'org', added);
      return { password: 'tern-quay-84-lantern' };
    }
    case 'session.changePerson':
      if (person)
        put(core, 'person', 'org', {
          ...person,
          name: String(args['name']),
          role: args['role'] as Person['role'],
          teamIds: args['teamIds'] as string[],
        } as Person);
      return {};
    case 'session.disablePerson':
      if (person) put(core, 'person', 'org', { ...person, isDisabled: args['isDisabled'] === true } as Person);
      return {};
    case 'session.resetPassword':
      return { password: 'gale-mooring-27-otter' };
    case 'session.addTeam':
    case 'session.renameTeam':
      put(core, 'team', 'org', {
        id: String(args['teamId']),
        name: String(args['name']),
        region: String(args['region']),
      } as Team);
      return {};
    case 'session.revokeDevice': {
      const device = world.devices.find((d) => d.id === args['deviceId']);
      if (device) device.state = 'revoked';
      core.changed([{ entity: 'device' }]);
      return {};
    }
    case 'session.issueCode':
      return { code: 'KELP-4471-BUOY', until: core.clock.now() + 30 * 60_000 };
    case 'session.present':
      if (world.me) world.me = { ...world.me, presence: args['state'] === 'away' ? 'away' : 'available' };
      core.changed([{ entity: 'local.profile' }]);
      return {};
    case 'session.lock':
    case 'session.signOut':
      world.me = null;
      if (name === 'session.signOut') world.profiles = [];
      core.changed();
      return {};
    case 'session.signIn':
    case 'session.unlock': {
      const profile = world.profiles.find((p) => p.id === args['profileId']) ?? world.profiles[0];
      const found = core.truth().all<Person>('person')[0];
      if (found && profile) {
        const teams = core
          .truth()
          .all<Team>('team')
          .filter((t) => found.teamIds.includes(t.id));
        world.me = {
          person: found,
          teams,
          permissions: [...permissionsOf(found.role)],
          profile,
          deviceId: found.id,
          presence: 'available',
          mustChangePassword: false,
        };
      }
      core.changed();
      return {};
    }
    default:
      return {};
  }
}
