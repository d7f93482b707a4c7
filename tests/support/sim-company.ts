import type { HubContext } from '#server/context.ts';
import { inTransaction } from '#server/db/tx.ts';
import { addPersonIn, createOrg, issueCodeIn } from '#server/session/accounts.ts';
import { teamRow } from '#server/session/rows.ts';
import { upsertTeam } from '#server/session/store.ts';
import { addSite } from '#server/widget/sites.ts';
import { type Id, IdMint, type RandomBytes } from '#shared/lib/ids.ts';
import type { Role } from '#shared/session/model.ts';
import { must } from './postgres-server.ts';

/** Who works in a company of the fault histories. */
export interface CompanyPerson {
  readonly id: Id;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** as it is at the start; the last place is everybody's */
  readonly teams: readonly number[];
}

/** An organisation with teams, people and sites, the same for every seed but for its ids. */
export interface Company {
  readonly org: Id;
  readonly teams: readonly Id[];
  readonly people: readonly CompanyPerson[];
  /** public keys of the sites; site i brings its chats to team i */
  readonly sites: readonly string[];
  /** enrolment codes, one per desk */
  readonly codes: readonly string[];
}

export const companyPassword = 'harbour and pine';

const staff: readonly { name: string; role: Role; teams: number[] }[] = [
  { name: 'agent0', role: 'agent', teams: [0] },
  { name: 'agent1', role: 'agent', teams: [0, 1] },
  { name: 'agent2', role: 'agent', teams: [1] },
  { name: 'agent3', role: 'super-user', teams: [0, 2] },
  { name: 'lead', role: 'supervisor', teams: [0, 1, 2] },
  { name: 'admin', role: 'admin', teams: [] },
];

/** Index of the supervisor of all teams in `people`. */
export const leadAt = 4;

/** Founds the company on an empty database. `codes` = how many desks may be enrolled. */
export async function foundCompany(
  ctx: Pick<HubContext, 'db' | 'commit' | 'clock'>,
  random: RandomBytes,
  codes: number,
): Promise<Company> {
  const { clock } = ctx;
  const mint = new IdMint(clock, random);
  const now = clock.now();
  const org = mint.next();
  const teams = ['Returns', 'Delivery', 'Quality'].map((name) => ({ id: mint.next(), name, region: 'DE' }));
  const people = staff.map(({ name, role, teams: at }) => ({
    id: mint.next(),
    name,
    email: `${name}@example.org`,
    role,
    teams: at,
  }));
  const idsOf = (at: readonly number[]): Id[] => at.flatMap((i) => teams[i]?.id ?? []);
  return inTransaction(ctx.db, async (tx) => {
    await createOrg(tx, { id: org, name: 'Harbour & Pine', isDemo: false }, now);
    const rows = [];
    for (const team of teams) {
      await upsertTeam(tx, org, team);
      rows.push(teamRow(team));
    }
    for (const { teams: at, ...person } of people) {
      const added = must(
        await addPersonIn(tx, org, { ...person, teamIds: idsOf(at), password: companyPassword }, now, random),
      );
      rows.push(...added.rows);
    }
    const sites: string[] = [];
    for (const [i, team] of teams.entries()) {
      const site = {
        key: `shop${i}`,
        name: `Shop ${i}`,
        teamId: team.id,
        allowedOrigins: ['self'],
        hours: null,
        awayText: {},
      };
      must(await addSite(tx, org, site, { mint, random, now }));
      sites.push(site.key);
    }
    const issued: string[] = [];
    for (let i = 0; i < codes; i += 1) issued.push((await issueCodeIn(tx, org, mint.next(), now, random)).code);
    await ctx.commit(tx, { org, at: now, cmd: null, rows, audit: [], regrant: { persons: people.map((p) => p.id) } });
    return { org, teams: teams.map((t) => t.id), people, sites, codes: issued };
  });
}
