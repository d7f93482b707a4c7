import { afterEach, expect, inject, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { readDisk } from '#tests/faults/disk.ts';
import type { DeskHand } from '#tests/faults/hands.ts';
import { SimStage } from '#tests/faults/sim-stage.ts';
import { must } from '#tests/support/postgres-server.ts';
import { companyPassword } from '#tests/support/sim-company.ts';

let open: SimStage | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

async function stageOf(seed: number, { nodes = 1, desks = 4 } = {}): Promise<SimStage> {
  open = await SimStage.open(inject('postgres'), { seed, nodes, desks, pages: 1, actions: [] });
  await pass(open);
  return open;
}

const pass = (stage: SimStage, ms = 3_000): Promise<boolean> => stage.world.runUntil(() => false, ms, 1);

function deskOf(stage: SimStage, name: string): DeskHand {
  const desk = stage.desks.find((d) => d.name === name);
  if (!desk) throw new Error(`no desk ${name}`);
  return desk;
}

/** A customer writes on the first site; answers the conversation. */
async function converse(stage: SimStage, ...texts: string[]): Promise<string> {
  for (const text of texts) stage.pages[0]?.send(text);
  await pass(stage);
  const row = await stage.db.one(sql<{ id: string }>`select id from conversations order by created_at desc limit 1`);
  return row.id;
}

const said = async (stage: SimStage): Promise<string[]> =>
  (await stage.db.rows(sql<{ text: string }>`select text from messages order by conversation_id, ord`)).map(
    (r) => r.text,
  );

const words = 'quixotic zeppelin';

async function findOn(desk: DeskHand, text: string) {
  const disk = await readDisk(desk.folder, companyPassword);
  if (!disk) throw new Error('no disk');
  const rows = [...disk.rows.values()].filter((row) => row.body?.includes(text)).length;
  return { rows, leftovers: disk.leftovers, bytes: disk.find('quixotic'), scopes: [...disk.scopes.keys()] };
}

test('a conversation moved away leaves every desk that lost the right: rows, index and bytes, listed or opened', async () => {
  const stage = await stageOf(21, { desks: 5 });
  const [owner, colleague] = [deskOf(stage, 'agent0'), deskOf(stage, 'agent1')];
  const conversationId = await converse(stage, `${words} one`, `${words} two`);
  must(await owner.command('inbox.take', { conversationId }, {}));
  must(await colleague.call('conversation.open', { conversationId }));
  await pass(stage);
  // The control: the same look finds what is there before.
  for (const desk of [owner, colleague]) {
    const before = await findOn(desk, words);
    expect(before.rows).toBeGreaterThan(0);
    expect(before.bytes.pages + before.bytes.frames).toBeGreaterThan(0);
    expect(before.scopes).toContain(`conversation:${conversationId}`);
  }
  // To Quality, where neither works.
  must(await owner.command('inbox.move', { conversationId, teamId: stage.company.teams[2], reason: '' }, {}));
  await pass(stage, 10_000);
  for (const desk of [owner, colleague]) {
    const after = await findOn(desk, words);
    expect(after.rows).toBe(0);
    expect(after.leftovers).toEqual({ rows: 0, words: 0 });
    expect(after.bytes).toEqual({ pages: 0, frames: 0 });
    expect(after.scopes.filter((scope) => scope.includes(conversationId))).toEqual([]);
  }
});

test('it is gone also when the right ends between reading a page and sending it', async () => {
  const stage = await stageOf(22, { desks: 4 });
  const [owner, colleague] = [deskOf(stage, 'agent0'), deskOf(stage, 'agent1')];
  const conversationId = await converse(stage, `${words} one`);
  must(await colleague.call('conversation.open', { conversationId }));
  must(await owner.command('inbox.take', { conversationId }, {}));
  await pass(stage);
  const [node] = stage.world.nodes;
  const device = stage.machines.find((m) => m.name === 'agent1')?.core.desk?.deviceId;
  let held = 0;
  if (node) {
    node.fate = (point, whose) => {
      if (point !== 'page.read' || whose !== device || held > 0) return { kind: 'go' };
      held += 1;
      return { kind: 'wait', ms: 2_000 };
    };
  }
  // This line is read for the colleague's desk, and held back; then the conversation moves; then the page is sent.
  stage.pages[0]?.send(`${words} two`);
  await stage.world.runUntil(() => held === 1, 1_000, 2);
  must(await owner.command('inbox.move', { conversationId, teamId: stage.company.teams[2], reason: '' }, {}));
  await stage.world.runUntil(() => false, 500, 3);
  expect(held).toBe(1);
  expect((await findOn(colleague, `${words} one`)).rows).toBeGreaterThan(0);
  await pass(stage, 12_000);
  const after = await findOn(colleague, words);
  expect(after).toEqual({
    rows: 0,
    leftovers: { rows: 0, words: 0 },
    bytes: { pages: 0, frames: 0 },
    scopes: expect.anything(),
  });
  expect(after.scopes.filter((scope) => scope.includes(conversationId))).toEqual([]);
});

test('a hub restored from an older backup is offered again what a desk still has, once each and in order', async () => {
  const stage = await stageOf(23);
  const agent = deskOf(stage, 'agent0');
  const conversationId = await converse(stage, 'where is it?');
  must(await agent.command('inbox.take', { conversationId }, {}));
  must(await agent.command('conversation.reply', { conversationId, text: 'reply one' }, {}));
  await pass(stage);
  const file = await stage.backUp();
  for (const text of ['reply two', 'reply three'])
    must(await agent.command('conversation.reply', { conversationId, text }, {}));
  await pass(stage);
  expect(await said(stage)).toEqual(['where is it?', 'reply one', 'reply two', 'reply three']);
  const asked: string[] = [];
  stage.world.net.onHeard = (wire, from, body) => {
    if (wire.client === 'agent0' && from === 'node') asked.push((body as { t: string }).t);
  };
  await stage.restoreBackup(file ?? '');
  expect(await said(stage)).toEqual(['where is it?', 'reply one']);
  expect(await stage.heal()).toBe('');
  expect(asked).toContain('resync');
  expect(await said(stage)).toEqual(['where is it?', 'reply one', 'reply two', 'reply three']);
});

test('a desk enrolled after the backup signs in again and loses nothing of its sent log', async () => {
  const stage = await stageOf(24);
  const agent = deskOf(stage, 'agent0');
  const conversationId = await converse(stage, 'where is it?');
  const file = await stage.backUp();
  await agent.call('session.signOut', { isLossConfirmed: true });
  must(await agent.signIn());
  await pass(stage);
  must(await agent.command('inbox.take', { conversationId }, {}));
  must(await agent.command('conversation.reply', { conversationId, text: 'reply one' }, {}));
  await pass(stage);
  await stage.restoreBackup(file ?? '');
  expect(await stage.heal()).toBe('');
  expect(await said(stage)).toEqual(['where is it?', 'reply one']);
});

test('an older disk put back is found out; after signing in again what waited on it arrives once', async () => {
  const stage = await stageOf(25);
  const agent = deskOf(stage, 'agent0');
  const conversationId = await converse(stage, 'where is it?');
  must(await agent.command('inbox.take', { conversationId }, {}));
  await pass(stage);
  await stage.setOffline('agent0', true);
  await pass(stage, 100);
  must(await agent.command('conversation.reply', { conversationId, text: 'waiting one' }, { lastCustomerOrder: 99 }));
  must(await agent.command('conversation.reply', { conversationId, text: 'waiting two' }, { lastCustomerOrder: 99 }));
  const copy = await agent.copyDisk();
  await stage.setOffline('agent0', false);
  await pass(stage, 30_000);
  // The hub has both by now, and one more that the copy knows nothing of.
  must(await agent.command('conversation.reply', { conversationId, text: 'later' }, {}));
  await pass(stage);
  const all = ['where is it?', 'waiting one', 'waiting two', 'later'];
  expect(await said(stage)).toEqual(all);
  await agent.crash(copy);
  must(await agent.unlock());
  await pass(stage, 30_000);
  expect(await agent.link()).toBe('dismissed cloned');
  must(await agent.signIn());
  await pass(stage, 10_000);
  expect(await agent.link()).toBe('live');
  expect(await agent.waiting()).toBe(0);
  expect(await said(stage)).toEqual(all);
  must(await agent.command('conversation.reply', { conversationId, text: 'and on' }, {}));
  await pass(stage);
  expect(await said(stage)).toEqual([...all, 'and on']);
});

test('an older disk and an older backup together: what still stands in the sent log of that disk is not lost', async () => {
  const stage = await stageOf(26);
  const agent = deskOf(stage, 'agent0');
  const conversationId = await converse(stage, 'where is it?');
  must(await agent.command('inbox.take', { conversationId }, {}));
  await pass(stage);
  const file = await stage.backUp();
  must(await agent.command('conversation.reply', { conversationId, text: 'reply one' }, {}));
  await pass(stage);
  const copy = await agent.copyDisk();
  must(await agent.command('conversation.note', { conversationId, text: 'not on the copy' }, {}));
  await pass(stage);
  await agent.crash(copy);
  must(await agent.unlock());
  await pass(stage, 30_000);
  expect(await agent.link()).toBe('dismissed cloned');
  await stage.restoreBackup(file ?? '');
  expect(await said(stage)).toEqual(['where is it?']);
  must(await agent.signIn());
  expect(await stage.heal()).toBe('');
  expect(await said(stage)).toEqual(['where is it?', 'reply one']);
});
