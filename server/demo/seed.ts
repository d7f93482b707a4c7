import { noteOfAct } from '#server/audit/note.ts';
import type { HubContext } from '#server/context.ts';
import { addContacts, addCustomers } from '#server/customer/handle.ts';
import { inTransaction } from '#server/db/tx.ts';
import { addOrders } from '#server/order/handle.ts';
import { addPersonIn, addTeamIn, orgs, teams } from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';
import { DemoCompany, type DemoCustomer, demoTeams } from './company.ts';
import { type DemoHub, startSimulatedCustomers } from './simulated-customers.ts';

/** Every demo account has this password; only a hub started with --demo has such accounts. */
export const demoPassword = 'harbour-and-pine';

/** The most replicated rows one commit takes. */
const sliceRows = 500;

async function seedPeople(ctx: HubContext, org: Id, company: DemoCompany): Promise<Id[]> {
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now();
    const teamIds = demoTeams.map(() => company.id());
    const rows = [];
    for (const [i, team] of demoTeams.entries()) rows.push(await addTeamIn(tx, org, { id: teamIds[i] ?? '', ...team }));
    const people = company.people();
    for (const p of people) {
      const of = p.teams.map((t) => teamIds[t] ?? '');
      const added = await addPersonIn(tx, org, { ...p, teamIds: of, password: demoPassword }, now, ctx.random);
      if (added.ok) rows.push(...added.value.rows);
    }
    await ctx.commit(tx, {
      org,
      at: now,
      cmd: null,
      rows,
      audit: [noteOfAct({ act: 'hub.seedDemo', actorId: null, detail: { people: people.length } })],
      regrant: { persons: people.map((p) => p.id) },
    });
    return teamIds;
  });
}

async function writeCustomers(ctx: HubContext, org: Id, batch: readonly DemoCustomer[]): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const rows = [
      ...(await addCustomers(
        tx,
        org,
        batch.map((b) => b.customer),
      )),
      ...(await addContacts(
        tx,
        org,
        batch.flatMap((b) => b.contacts),
      )),
      ...(await addOrders(
        tx,
        org,
        batch.flatMap((b) => b.orders),
      )),
    ];
    await ctx.commit(tx, { org, at: ctx.clock.now(), cmd: null, rows, audit: [] });
  });
}

/** How many replicated rows a customer makes. */
function rowsOf(c: DemoCustomer): number {
  return 1 + c.contacts.length + 2 * c.orders.length;
}

/**
 * Fills an empty demo organisation with Harbour & Pine, and lets simulated customers write. Seeding happens once; on a
 * later start the company is there and only the customers come again.
 */
export async function seedDemo(
  hub: DemoHub,
  options: { readonly customers: number; readonly seed: number },
): Promise<void> {
  const { ctx } = hub;
  const org = (await orgs(ctx.db)).find((o) => o.is_demo);
  if (!org) return;
  const known = await teams(ctx.db, org.id);
  let teamIds = demoTeams.map((d) => known.find((k) => k.name === d.name)?.id ?? '');
  if (known.length === 0) {
    const company = new DemoCompany(options.seed, ctx.clock.now());
    teamIds = await seedPeople(ctx, org.id, company);
    let batch: DemoCustomer[] = [];
    let rows = 0;
    for (let i = 0; i < options.customers; i += 1) {
      const next = company.customer();
      if (rows + rowsOf(next) > sliceRows) {
        await writeCustomers(ctx, org.id, batch);
        batch = [];
        rows = 0;
      }
      batch.push(next);
      rows += rowsOf(next);
    }
    if (batch.length > 0) await writeCustomers(ctx, org.id, batch);
    ctx.log.info({ customers: options.customers, seed: options.seed }, 'the demo company is there');
  }
  await startSimulatedCustomers(hub, org.id, teamIds, options.seed);
}
