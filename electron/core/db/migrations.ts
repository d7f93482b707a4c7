import { deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { type Sqlite, storeError } from './driver.ts';

/**
 * Brings a file to the newest version, each step in its own transaction, the version written with it.
 * Errors: `store/from-the-future` (written by a newer Fairlead, left untouched) and those of `storeError`.
 */
export function migrate(db: Sqlite, steps: readonly string[]): Result<{ from: number; to: number }> {
  try {
    const from = Number(db.pragma('user_version', { simple: true }));
    if (from > steps.length) {
      return fail(deskError('store/from-the-future', { params: { version: from, known: steps.length } }));
    }
    for (const [index, sql] of steps.entries()) {
      if (index < from) continue;
      db.transaction(() => {
        db.exec(sql);
        db.pragma(`user_version = ${index + 1}`);
      }).immediate();
    }
    return ok({ from, to: steps.length });
  } catch (thrown) {
    return fail(storeError(thrown));
  }
}
