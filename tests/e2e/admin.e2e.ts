import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desk } from '#tests/support/desk.ts';
import { endNewHub, enrol, type NewHub, signIn, startNewHub } from '#tests/support/new-hub.ts';
import { shot } from '#tests/support/stage.ts';

const ownPassword = 'a password of my own';
let team: NewHub;
let admin: Desk;

beforeAll(async () => {
  team = await startNewHub();
  admin = await team.desk();
});
afterAll(endNewHub);

const dialog = (page: Page) => page.getByRole('dialog');
const says = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor({ timeout: 15_000 });

/** Chooses an own password where a one-time one was used; the desk is open afterwards. */
async function choosePassword(page: Page, oneTime: string, next = ownPassword): Promise<void> {
  await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  await page.getByLabel('One-time password').fill(oneTime);
  await page.getByLabel('New password').fill(next);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
}

async function open(page: Page, part: 'People' | 'Teams' | 'Devices'): Promise<void> {
  await page.getByRole('button', { name: 'People and devices' }).click();
  await page.getByRole('tab', { name: part }).click();
}

/** The secret of a dialog that shows it once; the dialog is closed afterwards. */
async function secretOnce(page: Page, title: RegExp): Promise<string> {
  const secret = (await page.getByRole('status', { name: title }).textContent()) ?? '';
  await page.getByRole('button', { name: 'Done' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  expect(await page.locator('body').textContent()).not.toContain(secret);
  return secret;
}

async function addPerson(name: string, email: string): Promise<string> {
  const { page } = admin;
  await open(page, 'People');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('E-mail').fill(email);
  await dialog(page).getByRole('checkbox', { name: 'Returns' }).press('Space');
  await dialog(page).getByRole('button', { name: 'Add a person' }).click();
  return secretOnce(page, /^One-time password for /);
}

async function newCode(): Promise<string> {
  await open(admin.page, 'Devices');
  await admin.page.getByRole('button', { name: 'New enrolment code' }).click();
  return secretOnce(admin.page, /^Enrolment code$/);
}

/** A second computer, signed in as a new agent who has chosen a password; their inbox is on screen. */
async function agentDesk(name: string, email: string): Promise<Desk> {
  const oneTime = await addPerson(name, email);
  const desk = await team.desk();
  await enrol(desk.page, team.address, await newCode());
  await signIn(desk.page, email, oneTime);
  await choosePassword(desk.page, oneTime);
  await says(desk.page, 'Nobody waits');
  return desk;
}

async function act(name: string, what: string, confirm: string): Promise<void> {
  const { page } = admin;
  await open(page, 'People');
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: what }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: confirm }).click();
}

test('the first start tells address, code and one-time password; what does not fit is refused in words', async () => {
  const { page } = admin;
  await enrol(page, 'http://127.0.0.1:1', team.told.code);
  await says(page, /^The hub cannot be reached\. There is no answer at that address\./);
  await enrol(page, 'http://hub.example', team.told.code);
  await says(page, /^This address is not protected\. .* Use the address with https:\/\/\./);
  await enrol(page, 'no address at all', team.told.code);
  await says(page, /^This is not an address of a hub\./);
  await enrol(page, team.address, 'AAAA-AAAA');
  await says(page, /^The code is not valid\. It was mistyped, used already, or is too old\./);
  await enrol(page, team.address, team.told.code);
  await page.getByText('Northwind Outfitters').waitFor();
  await signIn(page, team.told.email, 'certainly not this');
  await says(page, /^E-mail or password is wrong, or the account is disabled\. Nobody was signed in\./);
  await shot(page, 'admin-wrong-password');
});

test('the first administrator signs in, must choose a password, and names a team', async () => {
  const { page } = admin;
  await signIn(page, team.told.email, team.told.password);
  await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
  await page.getByLabel('One-time password').fill(team.told.password);
  await page.getByLabel('New password').fill('short');
  await page.keyboard.press('Enter');
  await says(page, 'At least 10 characters are needed');
  await shot(page, 'admin-must-change');
  await choosePassword(page, team.told.password);
  // The prompt is gone for good: locking and unlocking with the new password does not bring it back.
  await page.keyboard.press('Control+Shift+L');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.getByLabel('Password', { exact: true }).fill(team.told.password);
  await page.keyboard.press('Enter');
  await says(page, /^The password is wrong\. The profile stays locked\./);
  await page.getByLabel('Password', { exact: true }).fill(ownPassword);
  await page.keyboard.press('Enter');
  await open(page, 'Teams');
  await page.getByRole('button', { name: 'Add a team' }).click();
  await dialog(page).getByLabel('Name').fill('Returns');
  await dialog(page).getByLabel('Region').fill('Hamburg');
  await page.keyboard.press('Enter');
  await page.getByRole('rowheader', { name: 'Returns' }).waitFor();
  await shot(page, 'admin-teams');
});

test('a person gets a password once, a computer a code once; the second desk signs in as that agent', async () => {
  const desk = await agentDesk('Ana Keller', 'ana@northwind.example');
  await shot(desk.page, 'agent-empty-inbox');
  await open(admin.page, 'People');
  await admin.page.getByRole('rowheader', { name: 'Ana Keller ana@northwind.example' }).waitFor();
  await shot(admin.page, 'admin-people');
  await open(admin.page, 'Devices');
  await says(admin.page, 'Ana Keller');
  await shot(admin.page, 'admin-devices');
  expect(await desk.page.getByRole('button', { name: 'People and devices' }).count()).toBe(0);
});

test('a disabled person is out at once, with the reason; enabled again they come back', async () => {
  const desk = await agentDesk('Ben Ashworth', 'ben@northwind.example');
  await act('Ben Ashworth', 'Disable', 'Disable');
  await desk.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await says(desk.page, /^Your account is disabled\. You cannot sign in at the hub\./);
  await shot(desk.page, 'agent-disabled');
  await signInFromStart(desk.page, 'ben@northwind.example', ownPassword);
  await says(desk.page, /^E-mail or password is wrong, or the account is disabled\./);
  await act('Ben Ashworth', 'Enable', 'Enable');
  await admin.page
    .getByRole('row', { name: /Ben Ashworth/ })
    .getByText('may sign in')
    .waitFor();
  await signInFromStart(desk.page, 'ben@northwind.example', ownPassword);
  await says(desk.page, 'Nobody waits');
});

test('a reset password ends the session; the new one is shown once and must be changed', async () => {
  const desk = await agentDesk('Chidi Eze', 'chidi@northwind.example');
  await act('Chidi Eze', 'New one-time password', 'New one-time password');
  const oneTime = await secretOnce(admin.page, /^One-time password for Chidi Eze$/);
  await says(desk.page, /[Ss]ign in again/);
  await shot(desk.page, 'agent-reset');
  await desk.page.getByRole('button', { name: 'Outbox' }).click();
  await desk.page.getByRole('button', { name: 'Sign in again', exact: true }).click();
  await desk.page.getByLabel('Password', { exact: true }).fill(oneTime);
  await desk.page.keyboard.press('Enter');
  await says(desk.page, /^The hub knows another password than this computer\./);
  await desk.page.getByLabel('Earlier password').fill(ownPassword);
  await shot(desk.page, 'agent-earlier-password');
  await desk.page.keyboard.press('Enter');
  await choosePassword(desk.page, oneTime, 'another password of my own');
  await says(desk.page, 'Nobody waits');
});

test('who forgot the earlier password wipes what is on the computer and comes in with the new one', async () => {
  const desk = await agentDesk('Emil Sørensen', 'emil@northwind.example');
  await act('Emil Sørensen', 'New one-time password', 'New one-time password');
  const oneTime = await secretOnce(admin.page, /^One-time password for Emil Sørensen$/);
  await says(desk.page, /[Ss]ign in again/);
  await desk.page.getByRole('button', { name: 'Outbox' }).click();
  await desk.page.getByRole('button', { name: 'Sign in again', exact: true }).click();
  await desk.page.getByLabel('Password', { exact: true }).fill(oneTime);
  await desk.page.keyboard.press('Enter');
  await desk.page.getByRole('button', { name: 'Forgotten it…' }).click();
  await desk.page.getByRole('button', { name: 'Wipe and sign in' }).click();
  await choosePassword(desk.page, oneTime);
  await says(desk.page, 'Nobody waits');
});

test('a revoked device is wiped at once and says so', async () => {
  const desk = await agentDesk('Dora Lindgren', 'dora@northwind.example');
  await open(admin.page, 'Devices');
  await admin.page
    .getByRole('row', { name: /Dora Lindgren/ })
    .getByRole('button', { name: 'Revoke…' })
    .click();
  await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke…' }).click();
  await desk.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await says(desk.page, /^This device was revoked\. Its data was wiped; items never confirmed by the hub: 0\./);
  await shot(desk.page, 'agent-revoked');
  await admin.page
    .getByRole('row', { name: /Dora Lindgren/ })
    .getByText('revoked')
    .waitFor();
  expect(await desk.page.getByText('Nobody waits').count()).toBe(0);
});

/** From wherever the desk stands without anybody signed in. */
async function signInFromStart(page: Page, email: string, password: string): Promise<void> {
  const other = page.getByRole('button', { name: 'Sign in as someone else' });
  if (await other.isVisible()) await other.click();
  await signIn(page, email, password);
}
