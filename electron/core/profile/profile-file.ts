import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { storeError } from '#core/db/driver.ts';
import { writeFileAtomic } from '#core/db/files.ts';
import { profileIdSchema } from '#shared/ipc/host.ts';
import { deskError } from '#shared/lib/errors.ts';
import { idSchema } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { lockedKeysSchema } from './keys.ts';

const shortText = z.string().check(z.maxLength(300));

/** profile.json: everything about a profile that may be read without its password. No customer data, no token, no open key. */
export const profileFileSchema = z.object({
  version: z.literal(1),
  id: profileIdSchema,
  kind: z.enum(['normal', 'demo']),
  hub: z.object({ id: idSchema, address: z.string().check(z.minLength(1), z.maxLength(500)), orgName: shortText }),
  person: z.object({ id: idSchema, name: shortText, email: shortText }),
  deviceId: idSchema,
  createdAt: z.int(),
  lastUsedAt: z.int(),
  keys: lockedKeysSchema,
});
export type ProfileFile = z.infer<typeof profileFileSchema>;

/** The id of the profile of a person at a hub: one each, however often they sign in. */
export function profileIdOf(hubId: string, personId: string): string {
  return createHash('sha256').update(`${hubId}\n${personId}`).digest('hex').slice(0, 32);
}

/** The folder of a profile under the desk's data folder. */
export function profileFolder(root: string, id: string): string {
  return join(root, 'profiles', z.parse(profileIdSchema, id));
}

export const profilePath = (root: string, id: string): string => join(profileFolder(root, id), 'profile.json');

/**
 * Reads one profile. Errors: `profile/unknown`, `profile/damaged` (not of the form, or the file of another profile),
 * those of `storeError`.
 */
export function readProfile(root: string, id: string): Result<ProfileFile> {
  if (!z.safeParse(profileIdSchema, id).success) return fail(deskError('profile/unknown'));
  const file = profilePath(root, id);
  if (!existsSync(file)) return fail(deskError('profile/unknown'));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    return fail(storeError(thrown));
  }
  const parsed = z.safeParse(profileFileSchema, jsonOf(text));
  return parsed.success && parsed.data.id === id ? ok(parsed.data) : fail(deskError('profile/damaged'));
}

/** Writes one profile, whole or not at all. Errors: those of `storeError`. */
export function writeProfile(root: string, profile: ProfileFile): Result<void> {
  try {
    writeFileAtomic(profilePath(root, profile.id), `${JSON.stringify(z.parse(profileFileSchema, profile), null, 2)}\n`);
    return ok(undefined);
  } catch (thrown) {
    return fail(storeError(thrown));
  }
}

/** Every readable profile on this computer, the last used first, and the ids of those that cannot be read. */
export function listProfiles(root: string): { profiles: ProfileFile[]; damaged: string[] } {
  const home = join(root, 'profiles');
  const profiles: ProfileFile[] = [];
  const damaged: string[] = [];
  for (const name of existsSync(home) ? readdirSync(home).sort() : []) {
    const read = readProfile(root, name);
    if (read.ok) profiles.push(read.value);
    else if (read.error.code !== 'profile/unknown') damaged.push(name);
  }
  profiles.sort((a, b) => b.lastUsedAt - a.lastUsedAt);
  return { profiles, damaged };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
