import { type EntityRows, entityRows } from '#core/db/entity-rows.ts';
import {
  accountSchema,
  deviceSchema,
  holdingSchema,
  personSchema,
  presenceSchema,
  teamSchema,
} from '#shared/session/model.ts';

export const personRows = entityRows({ entity: 'person', schema: personSchema, indexes: [] });
export const teamRows = entityRows({ entity: 'team', schema: teamSchema, indexes: [] });
export const accountRows = entityRows({ entity: 'account', schema: accountSchema, indexes: [] });
export const deviceRows = entityRows({ entity: 'device', schema: deviceSchema, indexes: [] });
export const holdingRows = entityRows({ entity: 'holding', schema: holdingSchema, indexes: [] });
export const presenceRows = entityRows({ entity: 'presence', schema: presenceSchema, indexes: [] });

/** What the session slice keeps in the cache. */
export const rows: readonly EntityRows[] = [personRows, teamRows, accountRows, deviceRows, holdingRows, presenceRows];
