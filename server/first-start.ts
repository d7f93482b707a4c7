import type { RandomBytes } from '#shared/lib/ids.ts';
import { noteOfAct } from './audit/note.ts';
import type { HubContext } from './context.ts';
import { sql } from './db/sql.ts';
import { inTransaction } from './db/tx.ts';
import { addPersonIn, createOrg, issueCodeIn } from './session/accounts.ts';
import { orgs } from './session/handle.ts';

/** What the first administrator needs, shown once. */
export interface SetUp {
  readonly code: string;
  readonly email: string;
  readonly password: string;
}

/**
 * On an empty database: makes the organisation and, but for the demo, the first administrator with a one-time password
 * and an enrolment code. Answers null when there is an organisation already.
 */
export async function firstStart(
  ctx: HubContext,
  options: { readonly orgName: string; readonly isDemo: boolean; readonly random: RandomBytes },
): Promise<SetUp | null> {
  return inTransaction(ctx.db, async (tx) => {
    // Of nodes that start together on one empty database, one does it.
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('first start', 0))`);
    if ((await orgs(tx)).length > 0) return null;
    const now = ctx.clock.now();
    const org = ctx.mint.next();
    await createOrg(
      tx,
      { id: org, name: options.isDemo ? 'Harbour & Pine' : options.orgName, isDemo: options.isDemo },
      now,
    );
    const created = noteOfAct({ act: 'hub.firstStart', actorId: null, subjects: [`org:${org}`] });
    if (options.isDemo) {
      await ctx.commit(tx, { org, at: now, cmd: null, rows: [], audit: [created] });
      return null;
    }
    const email = 'admin@set-up.fairlead.local';
    const person = {
      id: ctx.mint.next(),
      name: 'First administrator',
      email,
      role: 'admin' as const,
      teamIds: [],
      password: null,
    };
    const added = await addPersonIn(tx, org, person, now, options.random);
    if (!added.ok) throw new Error(`the first administrator could not be made: ${added.error.code}`);
    const code = await issueCodeIn(tx, org, ctx.mint.next(), now, options.random);
    await ctx.commit(tx, { org, at: now, cmd: null, rows: added.value.rows, audit: [created] });
    return { code: code.code, email, password: added.value.password };
  });
}
