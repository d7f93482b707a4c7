import type { FastifyInstance } from 'fastify';
import type { HubContext } from '#server/context.ts';
import { orgs, teams } from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';
import { demoTeams } from '../company.ts';
import { demoShopData } from './data.ts';
import { mountShop, type ShopOptions } from './routes.ts';

/**
 * Opens the demo company's shop on a demo hub, after it was seeded. `siteFor` registers the shop as a site whose chat brings
 * its conversations to that team, and answers its key and secret.
 */
export async function openShop(
  server: FastifyInstance,
  ctx: HubContext,
  siteFor: (org: Id, teamId: Id) => Promise<ShopOptions['site']>,
): Promise<void> {
  const org = (await orgs(ctx.db)).find((o) => o.is_demo);
  const known = org ? await teams(ctx.db, org.id) : [];
  // The demo agent's own team, so that who writes in the shop is seen on the desk that `npm start` opens.
  const team = known.find((t) => t.name === demoTeams[0].name) ?? known[0];
  if (!org || !team) return;
  const site = await siteFor(org.id, team.id);
  await mountShop(server, { clock: ctx.clock, data: demoShopData(ctx, org.id), site });
}
