import type { Result } from '#shared/lib/result.ts';
import { fail } from '#shared/lib/result.ts';
import type { WriteDb } from './db/handles.ts';
import type { Salvaged } from './db/salvage.ts';
import { writeMeta } from './db/work-meta.ts';
import type { CoreParts } from './parts.ts';
import type { Opener } from './profile/keys.ts';
import type { OpenProfile, Profiles } from './profile/profiles.ts';
import { putBack } from './sync/outbox-store.ts';

/**
 * Opens a profile; when its work.db is damaged, copies it aside and goes on with what could be read of it. Numbers that may be missing
 * are not guessed: the hub then sees an older life of this device, has it enrol again, and what was saved goes out under new numbers.
 * Errors: those of `Profiles.open` and `Profiles.startAnew`.
 */
export async function openMended(
  parts: CoreParts,
  profiles: Profiles,
  id: string,
  opener: Opener,
  isHubSure: boolean,
): Promise<Result<OpenProfile>> {
  const opened = await profiles.open(id, opener, { isHubSure });
  if (opened.ok) {
    if (isSound(opened.value)) return opened;
    opened.value.lock();
  } else if (opened.error.code !== 'store/corrupt' || opened.error.params?.['file'] === 'cache') {
    return opened;
  }
  const salvaged = await profiles.startAnew(id, opener);
  if (!salvaged.ok) return salvaged;
  const { outbox, drafts, isComplete } = salvaged.value;
  const facts = { commands: outbox.length, drafts: drafts.length, isComplete: isComplete ? 1 : 0 };
  parts.log('error', 'work.db was damaged; what could be read is kept', facts);
  const again = await profiles.open(id, opener, { isHubSure });
  if (!again.ok) return again;
  const put = again.value.store.write((tx) => putAllBack(tx, salvaged.value));
  if (put.ok) return again;
  again.value.lock();
  return fail(put.error);
}

/** Reads every page of work.db, which is small: a damaged one is found now and not when it is needed. */
function isSound({ store }: OpenProfile): boolean {
  const checked = store.read((db) => db.value<string>('pragma main.quick_check(1)'));
  return checked.ok && checked.value === 'ok';
}

function putAllBack(tx: WriteDb, { meta, drafts, outbox }: Salvaged): void {
  for (const { key, value } of meta) writeMeta(tx, String(key), String(value));
  for (const draft of drafts) {
    const { conversation, text, kind, basis, updated_at: at } = draft;
    tx.run(
      `insert into main.draft(conversation, text, kind, basis, updated_at) values(?, ?, ?, ?, ?) on conflict do nothing`,
      conversation ?? '',
      text ?? '',
      kind ?? 'reply',
      basis ?? '{}',
      at ?? 0,
    );
  }
  for (const row of outbox) putBack(tx, row);
}
