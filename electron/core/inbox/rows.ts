import type { EntityRows } from '#core/db/entity-rows.ts';

/** The inbox keeps nothing of its own: it lists heads, which are the conversation slice's. */
export const rows: readonly EntityRows[] = [];
