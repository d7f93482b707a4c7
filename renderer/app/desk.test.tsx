import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { systemClock } from '#shared/lib/time.ts';
import { fakeWorld } from '#tests/support/fake-core/data.ts';
import { talks } from '#tests/support/fake-core/scene.ts';
import { openScreen } from '#tests/support/fake-core/screen.tsx';

const away = { state: 'unreachable', since: systemClock.now() - 4000, why: 'silent' } as const;
const reply = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: /^Reply to/ });
const commands = (core: { world: { items: { kind: string }[] } }) => core.world.items.map((i) => i.kind);

test('the desk opens on the most urgent conversation with the focus in the composer', async () => {
  openScreen();
  await screen.findByRole('heading', { name: 'Maya Lindqvist' });
  await waitFor(async () => expect(document.activeElement).toBe(await reply()));
});

test('Enter sends to the customer named on the button, with what the writer has on screen', async () => {
  const { core, user } = openScreen();
  await user.type(await reply(), 'On its way{Shift>}{Enter}{/Shift}today');
  expect(screen.getByRole('button', { name: /Send to .*Maya/ })).toBeDefined();
  await user.keyboard('{Enter}');
  await screen.findByText(/On its way\s+today/, { selector: 'article *' });
  expect(core.world.items[0]).toMatchObject({
    kind: 'conversation.reply',
    args: { conversationId: talks.maya, text: 'On its way\ntoday' },
    basis: { lastCustomerOrder: 6 },
  });
  expect((await reply()).value).toBe('');
});

test('Enter that ends a composition of an input method sends nothing', async () => {
  const { core } = openScreen();
  const field = await reply();
  fireEvent.change(field, { target: { value: 'にほん' } });
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', isComposing: true });
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', keyCode: 229 });
  expect(commands(core)).toEqual([]);
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(commands(core)).toEqual(['conversation.reply']));
});

test('a reply to a conversation nobody has takes it first', async () => {
  const { core, user } = openScreen();
  await user.click(await screen.findByRole('option', { name: /Elena Petrova/ }));
  await screen.findByText(/Nobody has taken this yet/);
  await user.type(await reply(), 'Hello Elena{Enter}');
  await waitFor(() => expect(commands(core)).toEqual(['inbox.take', 'conversation.reply']));
});

test('a note goes to the team: by its key, and by itself where a colleague owns the conversation', async () => {
  const { core, user } = openScreen();
  await user.click(await reply());
  await user.keyboard('{Control>}{Shift>}n{/Shift}{/Control}');
  await user.type(await screen.findByRole('textbox', { name: /^Note/ }), 'ask the depot{Enter}');
  await waitFor(() => expect(commands(core)).toEqual(['conversation.note']));
  await user.click(screen.getByRole('option', { name: /Maximiliane/ }));
  await screen.findByText(/Ben Sörensen.* has this conversation/);
  expect(screen.getByRole('textbox', { name: /^Note/ })).toBeDefined();
  expect(screen.queryByRole('textbox', { name: /^Reply/ })).toBeNull();
});

test('words that the desk refuses come back into the composer with the reason', async () => {
  const { core, user } = openScreen();
  const field = await reply();
  await user.type(field, 'too late');
  core.world.rows = core.world.rows.map((row) =>
    row.entity === 'head' && row.id === talks.maya
      ? { ...row, body: { ...(row.body as object), ownerId: '00000000-0000-7000-8000-000000000022' } }
      : row,
  );
  await user.keyboard('{Enter}');
  await screen.findByText(/A colleague has this conversation/);
  await waitFor(() =>
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^(Reply|Note)/ }).value).toBe('too late'),
  );
});

test('R resolves with a reason chosen by its number; nothing is sent without one', async () => {
  const { core, user } = openScreen();
  await reply();
  await user.keyboard('{Escape}r');
  const dialog = await screen.findByRole('dialog', { name: /Resolve/ });
  await user.keyboard('{Enter}');
  expect(commands(core)).toEqual([]);
  await user.keyboard('2{Enter}');
  await waitFor(() => expect(commands(core)).toEqual(['conversation.resolve']));
  expect(core.world.items[0]).toMatchObject({ args: { resolution: 'order-fixed' } });
  await waitFor(() => expect(dialog.isConnected).toBe(false));
  await screen.findByText(/Resolved: Order put right/);
});

test('without the hub a message says that it waits, and what is not held is honestly not here', async () => {
  const { core, user } = openScreen((world) => {
    world.link = away;
    world.dataAt = systemClock.now() - 4000;
  });
  await user.type(await reply(), 'soon{Enter}');
  await screen.findByText(/waiting to send · \d+ s without the hub/);
  await screen.findByText(/Hub out of reach for \d+ s · data from/);
  await user.click(screen.getByRole('option', { name: /Elena/ }));
  await screen.findByText('Not on this computer', { selector: 'section[aria-label="Conversation"] p' });
  expect(core.asked.filter((a) => a.name === 'conversation.open')).toEqual([]);
  core.setLink({ state: 'live', since: systemClock.now() });
  await screen.findByText('Wrong size, twice now. I would like to talk to a person.', { selector: 'article *' });
});

test('refused work stands in the thread with its reason: what waits behind it goes along', async () => {
  const { core, user } = openScreen();
  await reply();
  core.world.link = away;
  const first = core.write('conversation.reply', { conversationId: talks.maya, text: 'Monday then' });
  const second = core.write('conversation.resolve', {
    conversationId: talks.maya,
    resolution: 'answered',
    comment: '',
  });
  core.refuseItem(first, 'conversation/overtaken');
  second.state = 'held';
  second.group = first.n;
  core.changed();
  await screen.findByText(/The customer wrote again before this arrived.*“Resolve” waits behind it/);
  await user.click(screen.getByRole('button', { name: 'Send all 2 again' }));
  await waitFor(() =>
    expect(core.asked.at(-1)).toMatchObject({ name: 'session.sendAgain', args: { ns: [first.n, second.n] } }),
  );
});

test('refused words are edited in the composer: they are a draft on disk before they leave the outbox', async () => {
  const { core, user } = openScreen();
  await reply();
  core.world.link = away;
  const third = core.write('conversation.reply', { conversationId: talks.maya, text: 'Tuesday' });
  core.refuseItem(third, 'conversation/overtaken');
  await user.click(await screen.findByRole('button', { name: 'Edit' }));
  await waitFor(async () => expect((await reply()).value).toBe('Tuesday'));
  const order = core.asked
    .map((a) => a.name)
    .filter((name) => name === 'conversation.saveDraft' || name === 'session.giveUp');
  expect(order.slice(-2)).toEqual(['conversation.saveDraft', 'session.giveUp']);
});

test('the outbox shows what waits and discards only with a reason', async () => {
  const { core, user } = openScreen((world) => {
    world.link = away;
  });
  await user.type(await reply(), 'later{Enter}');
  await user.click(await screen.findByRole('button', { name: '1 waiting' }));
  const row = await screen.findByRole('row', { name: /Reply/ });
  expect(row.textContent).toContain('Maya Lindqvist');
  await user.click(within(row).getByRole('button', { name: 'Discard…' }));
  await screen.findByRole('dialog', { name: 'Discard 1 unsent item' });
  await user.keyboard('4{Enter}');
  expect(core.asked.some((a) => a.name === 'session.giveUp')).toBe(false);
  await user.type(screen.getByRole('textbox', { name: 'In a few words' }), 'told by phone');
  await user.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() =>
    expect(core.asked.at(-1)).toMatchObject({ name: 'session.giveUp', args: { reason: 'other: told by phone' } }),
  );
  await screen.findByText('Nothing waits');
});

test('a notice passes as a message and stays under the outbox', async () => {
  const { core, user } = openScreen();
  await reply();
  core.send({
    op: 'notice',
    notice: {
      error: { code: 'inbox/taken', origin: 'hub', retry: 'never', params: { name: 'Ben' } },
      conversationId: talks.elena,
      kind: 'inbox.take',
    },
  });
  await screen.findByText(/Ben was faster and has this conversation/);
  await user.keyboard('{Escape}go');
  await screen.findByRole('heading', { name: 'What you were told' });
});

test('single-letter keys can be switched off', async () => {
  const { user } = openScreen();
  await reply();
  await user.keyboard('{Escape}gs');
  await user.click(await screen.findByRole('switch', { name: /Single letters are keys/ }));
  await user.keyboard('gi');
  expect(screen.getByRole('heading', { name: 'Settings' })).toBeDefined();
});

const scenes: [string, () => ReturnType<typeof openScreen>, RegExp][] = [
  ['the desk', () => openScreen(), /Maya Lindqvist/],
  ['an empty desk', () => openScreen(undefined, fakeWorld(systemClock.now(), { isEmpty: true })), /Inbox/],
  [
    'administration',
    () => openScreen(undefined, fakeWorld(systemClock.now(), { role: 'admin', isEmpty: true })),
    /People and devices/,
  ],
];

test.each(scenes)('axe finds nothing in %s', async (_, open, heading) => {
  const { container } = open();
  await screen.findAllByRole('heading', { name: heading });
  // Colours need a real browser; names, roles and structure are judged here.
  const found = await axe.run(container, {
    rules: { 'color-contrast': { enabled: false } },
    resultTypes: ['violations'],
  });
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual([]);
});
