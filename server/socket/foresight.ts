import type { HubActor } from '#server/replica/decision.ts';
import type { DevicePerson } from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';

/** For how many devices a node remembers who spoke last. */
const mostDevices = 10_000;

/**
 * What this node remembers of devices between two of their commands, so that a decision can set out in the round trip that
 * locks the device. A guess is never trusted: the decision counts only when the locked row is what was guessed.
 */
export class Foresight {
  private readonly seen = new Map<string, DevicePerson>();

  guess(org: Id, device: Id): DevicePerson | null {
    return this.seen.get(`${org} ${device}`) ?? null;
  }

  remember(org: Id, row: DevicePerson): void {
    if (this.seen.size >= mostDevices) this.seen.clear();
    this.seen.set(`${org} ${row.id}`, row);
  }

  forget(org: Id, device: Id): void {
    this.seen.delete(`${org} ${device}`);
  }
}

/** Whether everything a decision rests on is in the locked row as it was guessed. The count is looked at apart. */
export function isAsGuessed(guess: DevicePerson, row: DevicePerson): boolean {
  return (
    guess.id === row.id &&
    guess.person_id === row.person_id &&
    guess.name === row.name &&
    guess.role === row.role &&
    guess.state === row.state &&
    guess.is_disabled === row.is_disabled &&
    guess.public_key === row.public_key &&
    guess.team_ids.length === row.team_ids.length &&
    guess.team_ids.every((id) => row.team_ids.includes(id))
  );
}

/** The person at a device, as rules see them. */
export function actorAt(org: Id, row: DevicePerson): HubActor {
  return { org, deviceId: row.id, personId: row.person_id, name: row.name, role: row.role, teamIds: row.team_ids };
}

/** A decision set out from a guess that was wrong: everything it did is undone, and it is made again from the row. */
export class Misguessed extends Error {
  constructor() {
    super('a device was not as this node remembered it');
  }
}
