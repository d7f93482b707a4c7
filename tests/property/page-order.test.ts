import { afterEach, expect, inject, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { SimWorld } from '#tests/support/sim-world.ts';

let world: SimWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

test('what waited in a page goes in the order it was written, also when the clock was set back and the page reloaded in between', async () => {
  const w = await SimWorld.create(inject('postgres'), { seed: 5, nodes: 1, pages: 1, desks: 0 });
  world = w;
  const [page] = w.pages;
  if (!page) throw new Error('no page');
  await w.runUntil(() => page.session.state.link === 'online', 10_000, 1);
  w.offline.add(page.name);
  page.session.send('one');
  page.session.send('two');
  page.kill();
  page.setWrong(-3_600_000);
  page.session.send('three');
  w.offline.clear();
  const isSent = () => page.session.state.items.every((item) => item.state === 'sent');
  expect(await w.runUntil(isSent, 60_000, 2)).toBe(true);
  const rows = await w.nodes[0]?.db.rows(sql<{ text: string }>`select text from messages order by ord`);
  expect(rows?.map((r) => r.text)).toEqual(['one', 'two', 'three']);
});
