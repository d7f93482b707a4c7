import { join } from 'node:path';
import { secureRandom } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { listen } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { migrate } from './db/migrations.ts';
import { openDb } from './db/open.ts';
import { seedDemo } from './demo/seed.ts';
import { openShop } from './demo/shop/open.ts';
import { firstStart } from './first-start.ts';
import { makeHub } from './hub.ts';
import { makeLog } from './log.ts';
import { mountWidget } from './widget/mount.ts';
import { demoSite } from './widget/sites.ts';

/** Says why the hub does not start, in words, and ends. */
function refuse(error: {
  code: string;
  field?: string | undefined;
  params?: Record<string, string | number> | undefined;
}): never {
  const why = error.params?.['why'] ?? error.params?.['name'] ?? '';
  process.stderr.write(
    `The hub does not start: ${error.code}${error.field ? ` (${error.field})` : ''}${why ? `: ${why}` : ''}\n`,
  );
  process.exit(1);
}

async function main(config: Config): Promise<void> {
  const log = makeLog(config.logLevel);
  const clock = systemClock;
  const source = config.databaseUrl
    ? { url: config.databaseUrl }
    : { dataDir: join(config.dataDir, 'postgres'), cacheDir: join(config.dataDir, 'programs'), clock };
  const opened = await openDb({
    ...source,
    onError: (error) => log.warn({ error: String(error) }, 'trouble with the database'),
  });
  if (!opened.ok) refuse(opened.error);
  const db = opened.value;
  const migrated = await migrate(db, clock);
  if (!migrated.ok) refuse(migrated.error);
  const hub = await makeHub({
    db,
    clock,
    log,
    settings: { offlineForMs: config.offlineForMs, isDemo: config.demo !== null },
  });
  const setUp = await firstStart(hub.ctx, {
    orgName: config.orgName,
    isDemo: config.demo !== null,
    random: secureRandom,
  });
  if (config.demo) await seedDemo(hub, config.demo);
  const app = await listen(hub, config, async (server, io) => {
    await mountWidget(server, io, hub, config);
    if (config.demo) await openShop(server, hub.ctx, (org, team) => demoSite(hub.ctx, org, team));
  });
  const demo = config.demo ? `${app.address}/demo` : null;
  log.info({ address: app.address, database: db.origin, migrations: migrated.value.length }, 'the hub is up');
  // For whoever started this process: one line that says where it is.
  process.stdout.write(`${JSON.stringify({ ready: true, address: app.address, ...(demo ? { demo } : {}) })}\n`);
  if (setUp) {
    process.stderr.write(
      `\nFirst start. Open Fairlead on the administrator's computer, choose "Connect to a hub" and enter\n  address  ${app.address}\n  code     ${setUp.code}\n` +
        `then sign in as ${setUp.email} with the password ${setUp.password} (asked for a new one at once).\nThis is shown once.\n\n`,
    );
  }
  let isEnding = false;
  const end = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ signal }, 'the hub stops');
    // Desks are told first, so that they go elsewhere while what is under way here is finished.
    hub
      .stop()
      .then(() => app.close())
      .then(() => db.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ error: String(error) }, 'the hub did not stop in good order');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'a promise was left alone'));
}

const config = readConfig(process.env, process.argv.slice(2));
if (!config.ok) refuse(config.error);
await main(config.value).catch((error: unknown) => {
  refuse({ code: 'hub/failed', params: { why: error instanceof Error ? error.message : String(error) } });
});
