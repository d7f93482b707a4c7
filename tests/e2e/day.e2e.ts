import { afterEach, expect, test } from 'vitest';
import {
  bubble,
  endStage,
  frameOf,
  openRow,
  resolveWith,
  rowWith,
  seenAt,
  shot,
  startStage,
  write,
} from '#tests/support/stage.ts';
import { openChat, say } from '#tests/support/widget-chat.ts';

afterEach(endStage);

test('a customer writes, the agent answers, notes and resolves, and the customer wakes it again', async () => {
  const stage = await startStage();
  const [desk, customer] = await Promise.all([stage.desk(), stage.customer()]);
  const { page } = desk;

  const inInbox = await seenAt(page, 'Where is my tent?');
  const writtenAt = Date.now();
  await say(customer, 'Where is my tent?');
  const toInbox = (await inInbox.at) - writtenAt;
  await shot(page, 'day-1-new-in-inbox');

  await openRow(desk, 'Where is my tent?');
  const inThread = await seenAt(page, 'I leave on Saturday.');
  const secondAt = Date.now();
  await say(customer, 'I leave on Saturday.');
  const toThread = (await inThread.at) - secondAt;

  // Closed, the chat takes a message without its being read.
  await customer.field.press('Escape');
  const inChat = await seenAt(frameOf(customer), 'It leaves the quay today.');
  const answeredAt = Date.now();
  await write(desk, 'It leaves the quay today.');
  await bubble(desk, 'It leaves the quay today.').getByText('delivered', { exact: true }).waitFor();
  await page.getByText('You took this').waitFor();
  await rowWith(desk, 'You: It leaves the quay today.').waitFor();
  await shot(page, 'day-2-delivered');
  await openChat(customer);
  const toChat = (await inChat.at) - answeredAt;
  await bubble(desk, 'It leaves the quay today.').getByText('read', { exact: true }).waitFor();
  expect(await bubble(desk, 'It leaves the quay today.').getByText('delivered', { exact: true }).count()).toBe(0);
  console.log(`customer to inbox ${toInbox} ms, to thread ${toThread} ms; agent to customer ${toChat} ms`);

  await page.keyboard.press('Control+Shift+N');
  await page.getByRole('textbox', { name: 'Note, only your team sees it' }).waitFor();
  await write(desk, 'He was cross on the phone.');
  await bubble(desk, 'He was cross on the phone.').getByText('Note · only your team').waitFor();
  // The next words go to the customer again, and it shows.
  await page.getByRole('textbox', { name: /^Reply to/ }).waitFor();
  await shot(page, 'day-3-note');

  await resolveWith(desk, 1, 'Sent him the number.');
  await page.getByText(/^You resolved this: Question answered · .+ · “Sent him the number\.”$/).waitFor();
  await page
    .getByRole('group', { name: /^Resolved lately/ })
    .getByRole('option')
    .waitFor();
  await shot(page, 'day-4-resolved');

  await say(customer, 'One more thing!');
  await bubble(desk, 'One more thing!').waitFor();
  await page.getByText(/^Reopened by/).waitFor();
  await page.getByRole('textbox', { name: /^Reply to/ }).waitFor();
  await page
    .getByRole('group', { name: /^Yours/ })
    .getByText('One more thing!')
    .waitFor();
  await shot(page, 'day-5-reopened');
  await shot(customer.page, 'day-6-shop');

  // Nothing of the team's own reached the customer: not the screen, not the wire.
  expect(await customer.lines.allTextContents()).toEqual([
    'Where is my tent?',
    'I leave on Saturday.',
    'It leaves the quay today.',
    'One more thing!',
  ]);
  const wire = customer.received.join('\n');
  expect(wire).toContain('It leaves the quay today.');
  expect(wire).not.toContain('cross on the phone');
  expect(wire).not.toContain('Sent him the number');
  expect(customer.errors).toEqual([]);
  expect(toInbox).toBeLessThan(1_000);
  expect(toThread).toBeLessThan(1_000);
});

test('the same day in German, on both sides', async () => {
  const stage = await startStage();
  const [desk, customer] = await Promise.all([stage.desk({ locale: 'de' }), stage.customer({ lang: 'de' })]);
  const { page } = desk;
  await customer.frame.getByRole('textbox', { name: 'Ihre Nachricht' }).waitFor();
  await say(customer, 'Wo bleibt mein Zelt?');
  await openRow(desk, 'Wo bleibt mein Zelt?');
  await write(desk, 'Es geht heute vom Kai.');
  await bubble(desk, 'Es geht heute vom Kai.').getByText('gelesen', { exact: true }).waitFor();
  await page.keyboard.press('Control+Shift+N');
  await write(desk, 'Sehr freundlich.');
  await bubble(desk, 'Sehr freundlich.').getByText('Notiz · nur Ihr Team').waitFor();
  await resolveWith(desk, 1);
  await page.getByText('Frage beantwortet').first().waitFor();
  await page.getByRole('button', { name: 'Verbunden' }).waitFor();
  await shot(page, 'day-de');
  await shot(customer.page, 'day-de-shop');
  expect(await customer.lines.allTextContents()).toEqual(['Wo bleibt mein Zelt?', 'Es geht heute vom Kai.']);
  expect(customer.errors).toEqual([]);
});
