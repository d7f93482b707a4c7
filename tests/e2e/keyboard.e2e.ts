import { afterEach, expect, test } from 'vitest';
import { byKeys, roundTrip } from '#tests/support/by-keys.ts';
import { endStage, shot, startStage } from '#tests/support/stage.ts';
import { startProfile } from '#tests/support/widget-chat.ts';

afterEach(endStage);

/** A customer at the shop and the demo agent at her desk, both with nothing but a keyboard. */
async function startBoth() {
  const stage = await startStage();
  const shop = await (await startProfile()).newPage();
  await shop.goto(`${stage.address}/demo?lang=en`);
  const desk = await stage.desk();
  await desk.page.bringToFront();
  return { shop, customer: byKeys(shop), page: desk.page, agent: byKeys(desk.page) };
}

test('a customer and an agent get through a whole conversation with the keyboard alone', async () => {
  const { shop, customer, page, agent } = await startBoth();
  await customer.tabTo(/^Open chat/);
  await customer.press('Enter');
  await customer.see('Harbour & Pine');
  await customer.tabTo(/message/i);
  await customer.type('Where is my parcel? It is two days late.');
  await customer.press('Enter');

  // The desk opens ready to write; Escape leads to the list, the filter to the conversation, Enter into it.
  await agent.see('Nobody has taken this yet. Sending a reply takes it.');
  await agent.on(/^Reply to/);
  await agent.press('Escape', '/');
  await agent.type('two days late');
  await agent.see('Where is my parcel? It is two days late.');
  await agent.miss('Kofi Iqbal');
  await agent.press('Enter');
  await agent.press('Enter');
  await agent.on(/^Reply to Guest/);
  await agent.type('It was scanned at the wrong depot. A new one leaves today.');
  await agent.press('Enter');
  await agent.see(/^(delivered|read)$/);
  await customer.see('It was scanned at the wrong depot. A new one leaves today.');

  await agent.press('Control+Shift+N');
  await agent.type('Third parcel from Kiel this week.');
  await agent.press('Enter');
  await agent.see('Note · only your team');
  await agent.press('Escape');
  await agent.press('r');
  await agent.see('How did it end?');
  await agent.press('2');
  await agent.press('Enter');
  await agent.see('You resolved this: Order put right');
  await shot(page, 'keyboard-resolved');

  await customer.type('Thank you! Which day will it come?');
  await customer.press('Enter');
  await agent.see('Thank you! Which day will it come?');
  await agent.see(/^Reopened by /);
  await agent.press('w');
  await agent.type('On Tuesday.');
  await agent.press('Enter');
  await customer.see('On Tuesday.');
  await customer.press('Escape');
  await customer.on(/chat/i);
  await shot(shop, 'keyboard-shop');
});

test('outbox, settings, palette and the sheet of keys are a key away, and the focus is never lost', async () => {
  const { agent } = await startBoth();
  await agent.see('Nobody has taken this yet. Sending a reply takes it.');
  await agent.press('Escape');
  await agent.on(/^Maya Lindqvist/);
  // Every window over the desk gives the focus back to where it was.
  for (const [key, words] of [
    ['r', 'How did it end?'],
    ['m', 'To which team?'],
    ['Shift+?', 'Show or hide the customer'],
    ['Control+K', 'Be away'],
  ] as const) {
    await agent.press(key);
    await agent.see(words);
    await agent.press('Escape');
    await agent.miss(words);
    await agent.on(/^Maya Lindqvist/);
  }
  await agent.press('j');
  await agent.on(/^Kofi Iqbal/);
  await agent.press('g', 'o');
  await agent.see('Nothing waits');
  await agent.on(/^Outbox$/);
  await agent.press('g', 's');
  await agent.see('Look and language');
  await agent.press('Control+K');
  await agent.type('inbox');
  await agent.press('Enter');
  await agent.see('Nobody has taken this yet. Sending a reply takes it.');
  await agent.on(/^Kofi Iqbal/);
  // Taken, it moves up in the list; the focus goes with it.
  await agent.press('t');
  await agent.see('You took this');
  await agent.on(/^Kofi Iqbal/);
  // Moved to a team she is not in, it disappears; the focus stays in the list.
  await agent.press('m');
  await agent.see('To which team?');
  await agent.press('1');
  await agent.press('Enter');
  await agent.miss('I was charged twice for invoice 4471.');
  await agent.press('j');
  await agent.on(/^(Leila Nowak|Maya Lindqvist|سارة)/);
});

test('Tab goes around the whole desk, every stop can be seen, nothing holds it', async () => {
  const { page, agent } = await startBoth();
  await agent.see('Nobody has taken this yet. Sending a reply takes it.');
  const stops = await roundTrip(page);
  for (const stop of [
    /^Reply to/,
    /^Inbox/,
    /^Outbox/,
    /^Settings/,
    /Ana Keller/,
    /^Filter/,
    /^Maya Lindqvist/,
    /^Thread with/,
    /^Take/,
    /^Move/,
    /^Resolve/,
    /^Note/,
    /^Connected/,
    /^All actions/,
  ])
    expect(
      stops.some((name) => stop.test(name)),
      `${stop} in ${stops.join(' | ')}`,
    ).toBe(true);
  await agent.press('Escape');
  for (const [place, last] of [
    ['o', 'Outbox'],
    ['s', 'Settings'],
  ] as const) {
    await agent.press('g', place);
    await agent.on(new RegExp(`^${last}$`));
    expect((await roundTrip(page)).length).toBeGreaterThan(4);
  }
  // Inside a window over the desk Tab stays inside, and comes around too.
  await agent.press('g', 'i');
  await agent.press('r');
  await agent.see('How did it end?');
  expect((await roundTrip(page)).some((name) => /Filter|Connected/.test(name))).toBe(false);
});
