import { join } from 'node:path';
import { secureRandom } from '#shared/lib/ids.ts';
import { fail, type Result } from '#shared/lib/result.ts';
import { type Clock, systemClock } from '#shared/lib/time.ts';
import { type App, listen } from './app.ts';
import type { Config } from './config.ts';
import type { Log } from './context.ts';
import { migrate } from './db/migrations.ts';
import { type DbSource, openDb } from './db/open.ts';
import type { Db } from './db/tx.ts';
import { seedDemo } from './demo/seed.ts';
import { openShop } from './demo/shop/open.ts';
import { firstStart, type SetUp } from './first-start.ts';
import { startHousekeeping } from './housekeeping.ts';
import { defaultSettings, type Hub, makeHub } from './hub.ts';
import { makeLog } from './log.ts';
import { orgs } from './session/handle.ts';
import { mountWidget } from './widget/mount.ts';
import { demoSite } from './widget/sites.ts';

/** How long a hub that was asked to end may take to finish what is under way (ms); then it goes all the same. */
const drainForMs = 8_000;

/** Where the hub's database is: yours by URL, or its own under the data folder. */
export function databaseOf(config: Config, clock: Clock): DbSource {
  if (config.databaseUrl) return { url: config.databaseUrl };
  return { dataDir: join(config.dataDir, 'postgres'), cacheDir: join(config.dataDir, 'programs'), clock };
}

/** Runs a hub until it is asked to end. Answers why it does not start; otherwise returns when it serves. */
export async function serve(config: Config): Promise<Result<void>> {
  const log = makeLog(config.logLevel);
  const clock = systemClock;
  const onError = (error: unknown): void => log.warn({ error: String(error) }, 'trouble with the database');
  const opened = await openDb({ ...databaseOf(config, clock), onError });
  if (!opened.ok) return opened;
  const db = opened.value;
  const migrated = await migrate(db, clock);
  if (!migrated.ok) return leave(db, migrated);
  const { offlineForMs } = config;
  const isDemo = config.demo !== null;
  if (!isDemo && (await orgs(db)).some((o) => o.is_demo)) {
    const why =
      'this database holds the demo company, whose password everybody knows: start with --demo, or on another';
    return leave(db, fail({ code: 'hub/demo-data', origin: 'hub', retry: 'never', params: { why } }));
  }
  const hub = await makeHub({
    db,
    clock,
    log,
    isOneOfMany: true,
    settings: { offlineForMs, keepForMs: Math.max(2 * offlineForMs, defaultSettings.keepForMs), isDemo },
  });
  const setUp = await firstStart(hub.ctx, { orgName: config.orgName, isDemo, random: secureRandom });
  if (config.demo) await seedDemo(hub, config.demo);
  const housekeeping = startHousekeeping(hub.ctx);
  const app = await listen(hub, config, async (server, io) => {
    await mountWidget(server, io, hub, config);
    if (config.demo) await openShop(server, hub.ctx, (org, team) => demoSite(hub.ctx, org, team));
  });
  log.info({ address: app.address, database: db.origin, migrations: migrated.value.length }, 'the hub is up');
  endWhenAsked(log, clock, () => drain(hub, app, db, () => housekeeping.stop()));
  if (setUp) tellOnce(app.address, setUp);
  // For whoever started this process: one line that says where it is.
  const demo = isDemo ? { demo: `${app.address}/demo` } : {};
  process.stdout.write(`${JSON.stringify({ ready: true, address: app.address, ...demo })}\n`);
  return { ok: true, value: undefined };
}

async function leave<T>(db: Db, because: T): Promise<T> {
  await db.close();
  return because;
}

function tellOnce(address: string, setUp: SetUp): void {
  process.stderr.write(
    `\nFirst start. Open Fairlead on the administrator's computer and make it known to this hub:\n  address  ${address}\n  code     ${setUp.code}\n` +
      `then sign in as ${setUp.email} with the password ${setUp.password} (asked for a new one at once).\nThis is shown once.\n\n`,
  );
}

/** Desks are told first, so that they go elsewhere while what is under way here is finished. */
async function drain(hub: Hub, app: App, db: Db, stopKeeping: () => Promise<void>): Promise<void> {
  await hub.stop();
  await stopKeeping();
  await app.close();
  await db.close();
}

function endWhenAsked(log: Log, clock: Clock, finish: () => Promise<void>): void {
  let isEnding = false;
  const end = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ signal }, 'the hub stops');
    const leaveNow = (why: unknown): never => {
      log.error({ error: String(why) }, 'the hub did not stop in good order');
      process.exit(1);
    };
    clock.setTimeout(() => leaveNow('what was under way took too long'), drainForMs);
    finish().then(() => process.exit(0), leaveNow);
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'a promise was left alone'));
}
