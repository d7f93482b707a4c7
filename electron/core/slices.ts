import { reads as conversationReads } from './conversation/reads.ts';
import { rows as conversationRows } from './conversation/rows.ts';
import { reads as customerReads } from './customer/reads.ts';
import { rows as customerRows } from './customer/rows.ts';
import { entityMap } from './db/entity-rows.ts';
import { reads as inboxReads } from './inbox/reads.ts';
import { rows as orderRows } from './order/rows.ts';
import type { AnyRead, Slices } from './parts.ts';
import { reads as sessionReads } from './session/reads.ts';
import { rows as sessionRows } from './session/rows.ts';

const gathered: readonly Readonly<Record<string, AnyRead>>[] = [
  conversationReads,
  customerReads,
  inboxReads,
  sessionReads,
];

/** Every slice's entities and reads. */
export const slices: Slices = {
  entities: entityMap([...conversationRows, ...customerRows, ...orderRows, ...sessionRows]),
  reads: new Map(gathered.flatMap((reads) => Object.entries(reads))),
};
