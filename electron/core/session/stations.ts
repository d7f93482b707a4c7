import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { storeError } from '#core/db/driver.ts';
import { writeFileAtomic } from '#core/db/files.ts';
import { idSchema } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';

const stationSchema = z.object({
  /** the hub's id: one station for each hub */
  id: idSchema,
  address: z.string().check(z.maxLength(300)),
  orgName: z.string().check(z.maxLength(200)),
  token: z.string().check(z.maxLength(200)),
});
/** What makes this computer known to a hub. Its token alone opens nothing: a person's password belongs to it. */
export type Station = z.infer<typeof stationSchema>;

const fileSchema = z.array(stationSchema);
const fileOf = (root: string): string => join(root, 'stations.json');

/** The hubs this computer is enrolled at. A file that cannot be read counts as none: enrolling again mends it. */
export function readStations(root: string): Station[] {
  const file = fileOf(root);
  if (!existsSync(file)) return [];
  try {
    const parsed = z.safeParse(fileSchema, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

/** Keeps a station, in the place of an earlier one of the same hub. Errors: those of `storeError`. */
export function keepStation(root: string, station: Station): Result<void> {
  try {
    const others = readStations(root).filter((s) => s.id !== station.id);
    writeFileAtomic(fileOf(root), `${JSON.stringify([...others, station], null, 2)}\n`);
    return ok(undefined);
  } catch (thrown) {
    return fail(storeError(thrown));
  }
}
