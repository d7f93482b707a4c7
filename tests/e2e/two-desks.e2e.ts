import { afterEach, expect, test } from 'vitest';
import { bubble, endStage, openRow, patient, shot, startStage } from '#tests/support/stage.ts';

afterEach(endStage);

test('a conversation taken at the same moment by two has one owner, and the other is told who', async () => {
  const stage = await startStage();
  const ana = await stage.desk({ who: 'ana' });
  const ben = await stage.desk({ who: 'ben' });
  const desks = [
    { desk: ana, name: 'Ana Keller' },
    { desk: ben, name: 'Ben Ashworth' },
  ];
  for (const { desk } of desks) {
    await openRow(desk, 'I was charged twice');
    await desk.page.getByRole('listbox').getByRole('option', { selected: true }).focus();
  }
  // Neither hears of the other before both have decided.
  stage.hub.freeze();
  await Promise.all(desks.map(({ desk }) => desk.page.keyboard.press('t')));
  for (const { desk } of desks) await desk.page.getByText('You took this').waitFor();
  stage.hub.thaw();

  const faster = /(Ana Keller|Ben Ashworth) was faster and has this conversation\./;
  const told = await Promise.any(
    desks.map(async ({ desk, name }) => {
      await desk.page.getByText(faster).first().waitFor();
      return { desk, name };
    }),
  );
  const winner = desks.find(({ desk }) => desk !== told.desk);
  if (!winner) throw new Error('nobody won');
  await shot(told.desk.page, 'two-desks-1-told');
  await told.desk.page.getByText(`${winner.name} was faster and has this conversation.`).first().waitFor();
  await told.desk.page.getByText(`${winner.name} took this`).waitFor();
  await told.desk.page.getByText(new RegExp(`^with .?${winner.name}`)).waitFor();
  await told.desk.page
    .getByRole('group', { name: /with colleagues/ })
    .getByText('I was charged twice')
    .waitFor();
  const thread = told.desk.page.getByRole('region', { name: 'Conversation' });
  await expect.poll(() => thread.getByText('You took this').count(), patient).toBe(0);
  await winner.desk.page
    .getByRole('group', { name: /^Yours/ })
    .getByText('I was charged twice')
    .waitFor();
  expect(await winner.desk.page.getByText('You took this').count()).toBe(1);
  expect(await winner.desk.page.getByText(faster).count()).toBe(0);
  await shot(told.desk.page, 'two-desks-2-loser');
  await shot(winner.desk.page, 'two-desks-3-winner');
}, 120_000);

test('a conversation moved to another team is gone from a desk that only had it open', async () => {
  const stage = await startStage();
  const ana = await stage.desk({ who: 'ana' });
  const ben = await stage.desk({ who: 'ben' });
  await openRow(ben, 'I was charged twice');
  await openRow(ana, 'I was charged twice');
  await ana.page.getByRole('option', { selected: true }).focus();
  await ana.page.keyboard.press('m');
  await ana.page.getByRole('dialog').waitFor();
  await shot(ana.page, 'two-desks-4-move');
  await ana.page.keyboard.press('1');
  await ana.page.getByRole('dialog').getByRole('textbox').fill('It is about the carrier.');
  await ana.page.keyboard.press('Control+Enter');

  for (const { page } of [ana, ben]) {
    await expect.poll(() => page.locator('body').textContent(), patient).not.toContain('charged twice');
    await expect.poll(() => page.locator('body').textContent(), patient).not.toContain('Kofi');
  }
  await shot(ben.page, 'two-desks-5-gone');
  expect(await bubble(ben, 'charged').count()).toBe(0);
  const dora = await stage.desk({ who: 'dora' });
  await openRow(dora, 'I was charged twice');
  await dora.page.getByText(/^Ana Keller moved this to Delivery · .+ · “It is about the carrier\.”$/).waitFor();
  await shot(dora.page, 'two-desks-6-moved');
}, 120_000);
