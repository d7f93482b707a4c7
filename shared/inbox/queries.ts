import * as z from 'zod/mini';
import type { QueryDef } from '../lib/query.ts';
import { inboxSectionSchema } from './model.ts';

const listArgs = z.object({ filter: z.string().check(z.maxLength(100)) });
const listResult = z.object({ sections: z.array(inboxSectionSchema) });

/** `inbox.list`: the work in front of a person, in sections, most urgent first. filter = words in name or snippet. */
export const list: QueryDef<z.infer<typeof listArgs>, z.infer<typeof listResult>> = {
  name: 'inbox.list',
  args: listArgs,
  result: listResult,
  rests: () => [
    { entity: 'head' },
    { entity: 'receipt' },
    { entity: 'person' },
    { entity: 'team' },
    { entity: 'local.outbox' },
    { entity: 'local.draft' },
  ],
};
