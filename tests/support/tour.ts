import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { type Desk, launchPackaged } from './desk.ts';
import { enrol, type NewHub, signIn } from './new-hub.ts';
import { bubble, openRow, rowWith, type Stage, write } from './stage.ts';
import { say } from './widget-chat.ts';

/** Looks at a screen; the name is unique over all tours. */
export type Look = (page: Page, name: string) => Promise<void>;

const run = promisify(execFile);
const entry = join(import.meta.dirname, '../../server/index.ts');

/** One of the hub's own commands, on the running hub. */
async function tool(hub: NewHub, ...args: string[]): Promise<string> {
  const done = await run(process.execPath, [entry, ...args], { env: { ...process.env, ...hub.env } });
  return done.stdout;
}

const visible = (page: Page, words: string | RegExp): Promise<void> => page.getByText(words).first().waitFor();
const gone = (page: Page, role: 'dialog' | 'alertdialog' | 'menu'): Promise<void> =>
  page.getByRole(role).waitFor({ state: 'hidden' });

/** Opens something over the screen, looks, and closes it with Escape. */
async function over(
  page: Page,
  look: Look,
  name: string,
  role: 'dialog' | 'alertdialog' | 'menu',
  open: () => Promise<unknown>,
) {
  await open();
  await page.getByRole(role).waitFor();
  await look(page, name);
  await page.keyboard.press('Escape');
  await gone(page, role).catch(async (error: unknown) => {
    const focus = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
    throw new Error(`${name} stays after Escape, with the focus on ${focus}`, { cause: error });
  });
}

/** A fresh computer up to the first, empty inbox: enrolment, sign-in, own password, unlock. */
export async function tourOfEntering(hub: NewHub, look: Look): Promise<void> {
  await tool(hub, 'team', 'add', 'Returns', '--region', 'Hamburg');
  const added = await tool(hub, 'user', 'add', 'ana@northwind.example', '--name', 'Ana Keller', '--team', 'Returns');
  const oneTime = added.trim().split(' ').at(-1) ?? '';
  const code = /: (\S+)\s*$/.exec(await tool(hub, 'device', 'code'))?.[1] ?? '';
  const { page } = await hub.desk();
  await page.getByLabel('Address of the hub').waitFor();
  await look(page, 'enrol');
  await enrol(page, hub.address, 'AAAA-AAAA');
  await visible(page, /^The code is not valid/);
  await look(page, 'enrol-refused');
  await enrol(page, hub.address, code);
  await page.getByLabel('E-mail').waitFor();
  await look(page, 'sign-in');
  await signIn(page, 'ana@northwind.example', oneTime);
  await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  await look(page, 'must-change');
  await page.getByLabel('One-time password').fill(oneTime);
  await page.getByLabel('New password').fill('a password of my own');
  await page.keyboard.press('Enter');
  await visible(page, 'Nobody waits');
  await look(page, 'inbox-empty');
  await page.keyboard.press('Control+Shift+L');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await look(page, 'unlock');
}

/** The desk at work: conversations, dialogs, outbox, settings. Six conversations are hers afterwards. */
export async function tourOfWork(desk: Desk, look: Look): Promise<void> {
  const { page } = desk;
  const { keyboard } = page;
  await look(page, 'inbox-full');
  await rowWith(desk, 'Maya Lindqvist').click();
  await write(desk, 'Hi Maya, I am Ana. I can see the order and what you told us, so you need not repeat it.');
  await bubble(desk, 'you need not repeat it').waitFor();
  await keyboard.press('Control+Shift+N');
  await keyboard.type('Depot scan shows Kiel, not Lübeck. Same as the two cases this morning.');
  await keyboard.press('Enter');
  await bubble(desk, 'Same as the two cases').waitFor();
  await takeAll(page);
  await rowWith(desk, 'Maya Lindqvist').click();
  await page.getByRole('textbox', { name: /^Reply to/ }).focus();
  await look(page, 'conversation-six');
  // From the conversation itself: where only one pane fits it is the one that stands there, with its windows.
  for (const name of ['Resolve', 'Move'])
    await over(page, look, name.toLowerCase(), 'dialog', () => page.getByRole('button', { name, exact: true }).click());
  // Leaving the composer leads to the list, also where only one of the two fits.
  await page.getByRole('textbox', { name: /^Reply to/ }).press('Escape');
  await over(page, look, 'keys', 'dialog', () => keyboard.press('Shift+?'));
  await over(page, look, 'palette', 'dialog', () => keyboard.press('Control+K'));
  await over(page, look, 'me', 'menu', () => page.getByRole('button', { name: /Ana Keller, available/ }).click());
  await over(page, look, 'sign-out', 'alertdialog', async () => {
    await page.getByRole('button', { name: /Ana Keller, available/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out of this computer' }).click();
  });
  await page.getByRole('listbox').press('/');
  await keyboard.type('nobody is called this');
  await visible(page, 'Nothing found');
  await look(page, 'inbox-nothing-found');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await go(page, 'Outbox');
  await look(page, 'outbox-empty');
  await go(page, 'Settings');
  await look(page, 'settings');
  await go(page, 'Inbox');
}

async function go(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
  await page.getByRole('heading', { name: place, level: 1 }).waitFor();
}

async function takeAll(page: Page): Promise<void> {
  const list = page.getByRole('listbox');
  const waiting = list.getByRole('group', { name: /waiting/ }).getByRole('option');
  for (let left = await waiting.count(); left > 0; left -= 1) {
    await waiting.first().click();
    await visible(page, /^Nobody has taken this yet/);
    await page.keyboard.press('t');
    await page.getByText(/^Nobody has taken this yet/).waitFor({ state: 'hidden' });
  }
}

/** Without the hub, and what it refuses afterwards. The desk must go through the stage's proxy. */
export async function tourOfTrouble(stage: Stage, desk: Desk, look: Look): Promise<void> {
  const { page } = desk;
  const { keyboard } = page;
  const customer = await stage.customer();
  await say(customer, 'Is the Skerry tent waterproof?');
  await openRow(desk, 'Is the Skerry tent waterproof?');
  await keyboard.press('t');
  await visible(page, /^You took this/);
  // Nothing is on its way any more when the line breaks: what follows waits from its first moment.
  await page.getByRole('button', { name: /^\d+ waiting$/ }).waitFor({ state: 'hidden' });
  await stage.proxy.set({ kind: 'cut' });
  await visible(page, /^Hub out of reach/);
  await write(desk, 'Yes, up to 3,000 mm. The seams are taped.');
  await bubble(desk, 'The seams are taped.').waitFor();
  await keyboard.press('Escape');
  await keyboard.press('r');
  await keyboard.press('1');
  await keyboard.press('Enter');
  await gone(page, 'dialog');
  await look(page, 'offline');
  await go(page, 'Outbox');
  await look(page, 'outbox-waiting');
  await over(page, look, 'discard', 'dialog', () => page.getByRole('button', { name: 'Discard…' }).first().click());
  await say(customer, 'And can I pitch it on sand?');
  await stage.proxy.set({ kind: 'pass' });
  await visible(page, /^The customer wrote again before this arrived\./);
  await look(page, 'outbox-refused');
  await page.getByRole('button', { name: 'Show' }).first().click();
  await bubble(desk, 'can I pitch it on sand?').waitFor();
  await look(page, 'refused');
}

/** People, teams and devices of the demo company, as its administrator. */
export async function tourOfAdministration(stage: Stage, look: Look): Promise<() => Promise<void>> {
  const desk = await launchPackaged({
    args: ['--lang=en-GB'],
    env: { LANGUAGE: 'en-GB', FAIRLEAD_DEMO_HUB: stage.address, FAIRLEAD_DEMO_EMAIL: 'ada@harbour-pine.example' },
  });
  const { page } = desk;
  await page.getByRole('rowheader', { name: /Ana Keller/ }).waitFor({ timeout: 20_000 });
  await look(page, 'people');
  await over(page, look, 'person', 'dialog', () => page.getByRole('button', { name: 'Add a person' }).click());
  await over(page, look, 'person-menu', 'menu', () =>
    page.getByRole('button', { name: 'Actions for Ana Keller' }).click(),
  );
  await over(page, look, 'disable', 'alertdialog', async () => {
    await page.getByRole('button', { name: 'Actions for Ana Keller' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
  });
  await page.getByRole('tab', { name: 'Teams' }).click();
  await look(page, 'teams');
  await over(page, look, 'team', 'dialog', () => page.getByRole('button', { name: 'Add a team' }).click());
  await page.getByRole('tab', { name: 'Devices' }).click();
  await look(page, 'devices');
  await over(page, look, 'revoke', 'alertdialog', () => page.getByRole('button', { name: 'Revoke…' }).first().click());
  await over(page, look, 'enrolment-code', 'dialog', () =>
    page.getByRole('button', { name: 'New enrolment code' }).click(),
  );
  return () => desk.kill9();
}
