import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, listen } from '#server/app.ts';
import { readConfig } from '#server/config.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { must } from '#tests/support/postgres-server.ts';
import { World } from '#tests/support/world.ts';

let app: App;
let world: World;

beforeAll(async () => {
  world = await World.create(await (await freshDatabase()).open(), systemClock);
  const config = must(readConfig({ FAIRLEAD_TLS_PROXY: '1', FAIRLEAD_PORT: '0' }, []));
  app = await listen(world.hub, config, async () => undefined);
});
afterAll(async () => {
  await world.hub.stop();
  await app.close();
});

/** A request as our proxy passes it on: it writes the caller's address behind whatever the caller claimed. */
function by(caller: string, claimed: string) {
  return { 'x-forwarded-for': `${claimed}, ${caller}` };
}

test('behind a proxy, who tries passwords is counted by where they come from, not by what they claim', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 31; i += 1) {
    const answer = await app.server.inject({
      method: 'POST',
      url: '/v1/sign-in',
      headers: by('203.0.113.9', `198.51.100.${i}`),
      payload: { nonsense: true },
    });
    statuses.push(answer.statusCode);
  }
  expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 400));
  expect(statuses[30]).toBe(429);
});

test('behind a proxy, claiming to be this machine opens no figures', async () => {
  const answer = await app.server.inject({ url: '/metrics', headers: by('203.0.113.9', '127.0.0.1') });
  expect(answer.statusCode).toBe(404);
});
