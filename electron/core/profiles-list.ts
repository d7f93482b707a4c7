import type { Profile } from '#shared/session/model.ts';
import type { Stage } from '#shared/session/queries.ts';
import { listProfiles, type ProfileFile } from './profile/profile-file.ts';
import { readStations } from './session/stations.ts';

/** A profile as the sign-in screen lists it. */
export function shownProfile(profile: ProfileFile): Profile {
  return {
    id: profile.id,
    hubAddress: profile.hub.address,
    orgName: profile.hub.orgName,
    personName: profile.person.name,
    email: profile.person.email,
    kind: profile.kind,
    lastUsedAt: profile.lastUsedAt,
  };
}

/** Who could sign in on this computer, while nobody is. */
export function closedStage(root: string): Stage {
  return {
    stage: 'closed',
    profiles: listProfiles(root).profiles.map(shownProfile),
    stations: readStations(root).map(({ id, address, orgName }) => ({ id, hubAddress: address, orgName })),
  };
}
