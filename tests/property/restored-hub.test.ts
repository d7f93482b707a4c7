import { afterEach, expect, inject, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { SimWorld } from '#tests/support/sim-world.ts';

let world: SimWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

/** What customers said, conversation by conversation, as the hub has it. */
async function saidAtHub(of: SimWorld): Promise<string[]> {
  const rows = await of.upNodes[0]?.db.rows(
    sql<{ text: string }>`select text from messages order by conversation_id, ord`,
  );
  return (rows ?? []).map((r) => r.text);
}

test('a page offers a restored hub again what it had been told was safe, in the order it was written', async () => {
  const w = await SimWorld.create(inject('postgres'), { seed: 3, nodes: 1, pages: 1, desks: 0 });
  world = w;
  const { session } = w.pages[0] ?? { session: null };
  const isSent = () => session?.state.items.every((item) => item.state === 'sent') ?? false;
  session?.send('one');
  expect(await w.runUntil(isSent, 10_000, 1)).toBe(true);
  const file = await w.backUp();
  session?.send('two');
  session?.send('three');
  expect(await w.runUntil(isSent, 10_000, 2)).toBe(true);
  w.offline.add('page0');
  session?.send('four');
  await w.restoreBackup(file ?? '');
  w.offline.clear();
  expect(await w.runUntil(isSent, 60_000, 3)).toBe(true);
  expect(await saidAtHub(w)).toEqual(['one', 'two', 'three', 'four']);
});

test('a page offers again also when the whole conversation is younger than the backup', async () => {
  const w = await SimWorld.create(inject('postgres'), { seed: 4, nodes: 1, pages: 1, desks: 0 });
  world = w;
  const { session } = w.pages[0] ?? { session: null };
  const isSent = () => session?.state.link === 'online' && session.state.items.every((item) => item.state === 'sent');
  expect(await w.runUntil(isSent, 10_000, 1)).toBe(true);
  const file = await w.backUp();
  session?.send('one');
  session?.send('two');
  expect(await w.runUntil(isSent, 10_000, 2)).toBe(true);
  await w.restoreBackup(file ?? '');
  await w.runUntil(() => false, 20_000, 3);
  expect(isSent()).toBe(true);
  expect(await saidAtHub(w)).toEqual(['one', 'two']);
});

test('a page offers again what was accepted but had not come back as a row when the hub was restored', async () => {
  const w = await SimWorld.create(inject('postgres'), { seed: 6, nodes: 1, pages: 1, desks: 0 });
  world = w;
  const [page] = w.pages;
  if (!page) throw new Error('no page');
  await w.runUntil(() => page.session.state.link === 'online', 10_000, 1);
  const file = await w.backUp();
  page.session.send('one');
  const isAccepted = () => page.session.state.items[0]?.state === 'sent';
  for (let i = 0; !isAccepted() && i < 200; i += 1) await w.run({ steps: 1, ms: 50, seed: i });
  // The line took the word that it is safe, and nothing after it.
  for (const wire of w.net.of(page.name)) w.net.swallow(wire);
  await w.restoreBackup(file ?? '');
  const isSent = () => page.session.state.items.every((item) => item.state === 'sent');
  await w.runUntil(() => false, 30_000, 2);
  expect(await saidAtHub(w)).toEqual(['one']);
  expect(isSent()).toBe(true);
  expect(page.session.state.items.map((item) => item.text)).toEqual(['one']);
});
