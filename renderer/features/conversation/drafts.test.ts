import { expect, test } from 'vitest';
import { openCoreLine } from '#renderer/bridge/core-line.ts';
import { deskError } from '#shared/lib/errors.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { FakeCore } from '#tests/support/fake-core/core.ts';
import { fakeWorld } from '#tests/support/fake-core/data.ts';
import { talks } from '#tests/support/fake-core/scene.ts';
import { Drafts, savePauseMs, saveWithinMs } from './drafts.ts';

async function start() {
  const clock = new FakeClock();
  const core = new FakeCore(fakeWorld(clock.now()), clock);
  const drafts = new Drafts(openCoreLine(core.desk(), clock), clock);
  const end = drafts.begin();
  const saved = () => core.asked.filter((a) => a.name === 'conversation.saveDraft').map((a) => a.args['text']);
  const settle = async () => {
    for (let i = 0; i < 8; i += 1) await Promise.resolve();
  };
  await settle();
  return { clock, core, drafts, end, saved, settle };
}

test('someone who types without a pause has their words on disk within a second of the first key', async () => {
  const { clock, drafts, saved, settle } = await start();
  let text = '';
  for (let i = 0; i < 9; i += 1) {
    text += 'a';
    drafts.write(talks.maya, { text });
    clock.advance(100);
  }
  await settle();
  expect(saveWithinMs).toBeLessThan(1000);
  expect(saved()).toEqual(['aaaaaaaa']);
});

test('a pause saves, and says so', async () => {
  const { clock, drafts, saved, settle } = await start();
  drafts.write(talks.maya, { text: 'Hello' });
  expect(drafts.of(talks.maya)?.state).toBe('saving');
  clock.advance(savePauseMs);
  await settle();
  expect(saved()).toEqual(['Hello']);
  expect(drafts.of(talks.maya)?.state).toBe('saved');
});

test('what is written in one conversation never shows in another', async () => {
  const { drafts } = await start();
  drafts.write(talks.maya, { text: 'for Maya' });
  drafts.write(talks.priya, { text: 'for Priya', kind: 'note' });
  expect(drafts.of(talks.maya)).toMatchObject({ text: 'for Maya', kind: 'reply' });
  expect(drafts.of(talks.priya)).toMatchObject({ text: 'for Priya', kind: 'note' });
});

test('words typed before the disk answered are kept over the older draft', async () => {
  const { drafts } = await start();
  drafts.write(talks.maya, { text: 'new' });
  drafts.load(talks.maya, { conversationId: talks.maya, kind: 'note', text: 'old', updatedAt: 1 });
  expect(drafts.of(talks.maya)?.text).toBe('new');
});

test('a text that could not be sent comes back before what was typed meanwhile', async () => {
  const { drafts } = await start();
  drafts.write(talks.maya, { text: 'first' });
  const taken = drafts.take(talks.maya);
  expect(drafts.of(talks.maya)?.text).toBe('');
  drafts.write(talks.maya, { text: 'second' });
  if (taken) drafts.giveBack(talks.maya, taken);
  expect(drafts.of(talks.maya)?.text).toBe('first\nsecond');
});

test('the copy on disk ends only when the text is in the outbox', async () => {
  const { clock, drafts, saved, settle } = await start();
  drafts.write(talks.maya, { text: 'Hello' });
  clock.advance(savePauseMs);
  await settle();
  drafts.take(talks.maya);
  await settle();
  expect(saved()).toEqual(['Hello']);
  await drafts.sent(talks.maya);
  expect(saved()).toEqual(['Hello', '']);
});

test('what is typed on after a note before the hub has it stays a note: it must not go to the customer', async () => {
  const { drafts, settle } = await start();
  drafts.write(talks.maya, { kind: 'note', text: 'first' });
  drafts.take(talks.maya);
  drafts.write(talks.maya, { text: 'second, for the team' });
  await drafts.sent(talks.maya);
  await settle();
  expect(drafts.of(talks.maya)).toMatchObject({ kind: 'note', text: 'second, for the team' });
});

test('a disk that refuses is said, and the text is tried again when the core is back', async () => {
  const { clock, core, drafts, saved, settle } = await start();
  core.refusals.set('conversation.saveDraft', deskError('store/disk-full'));
  drafts.write(talks.maya, { text: 'Hello' });
  clock.advance(savePauseMs);
  await settle();
  expect(drafts.of(talks.maya)).toMatchObject({ state: 'unsaved', error: { code: 'store/disk-full' } });
  core.refusals.clear();
  core.restart();
  await settle();
  expect(saved()).toEqual(['Hello', 'Hello']);
  expect(drafts.of(talks.maya)?.state).toBe('saved');
});

test('what one person wrote is not saved for the next when the core comes back', async () => {
  const { clock, core, drafts, end, saved, settle } = await start();
  core.refusals.set('conversation.saveDraft', deskError('session/locked'));
  drafts.write(talks.maya, { text: 'mine' });
  clock.advance(savePauseMs);
  await settle();
  end();
  core.refusals.clear();
  core.restart();
  await settle();
  clock.advance(saveWithinMs);
  await settle();
  expect(saved()).toEqual(['mine']);
});
