import type { RowWrite } from '#server/replica/row-write.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { DeviceRow, PersonRow, TeamRow } from './store.ts';

/** The replicated rows of a person: what colleagues see, and what administrators see. */
export function personRows(person: PersonRow, teamIds: readonly Id[]): RowWrite[] {
  return [
    {
      scope: scopeOf.org,
      entity: 'person',
      id: person.id,
      body: { id: person.id, name: person.name, role: person.role, teamIds, isDisabled: person.is_disabled },
    },
    {
      scope: scopeOf.admin,
      entity: 'account',
      id: person.id,
      body: {
        id: person.id,
        email: person.email,
        isDisabled: person.is_disabled,
        mustChangePassword: person.must_change_password,
        createdAt: person.created_at,
        lastSignInAt: person.last_sign_in_at,
      },
    },
  ];
}

export function teamRow(team: TeamRow): RowWrite {
  return {
    scope: scopeOf.org,
    entity: 'team',
    id: team.id,
    body: { id: team.id, name: team.name, region: team.region },
  };
}

/** `lost`: how many commands a revoked device had not sent when it was wiped. */
export function deviceRow(device: DeviceRow, lost = 0): RowWrite {
  return {
    scope: scopeOf.admin,
    entity: 'device',
    id: device.id,
    body: {
      id: device.id,
      personId: device.person_id,
      label: device.label,
      state: device.state,
      enrolledAt: device.enrolled_at,
      lastSeenAt: device.last_seen_at,
      lost,
    },
  };
}

/** Whether somebody is there, for one team; null = not of that team any more. */
export function presenceRow(
  teamId: Id,
  personId: Id,
  is: { readonly state: 'available' | 'away' | 'gone'; readonly since: number } | null,
): RowWrite {
  const body = is && { personId, teamId, state: is.state, since: is.since };
  return { scope: scopeOf.team(teamId), entity: 'presence', id: `${teamId}|${personId}`, body };
}
