import { resolve } from 'node:path';
import { openDisplay } from '#build/ground/display.mjs';
import { bubble, endStage, openRow, startStage, write } from './stage.ts';

/**
 * Takes the README's pictures of the real thing: the packaged desk at a demo hub, and the shop with the chat open.
 * `node tests/support/pictures.ts`, after `npm run package -- --dir`.
 */
const folder = resolve(import.meta.dirname, '../../docs');

const question = 'Is the Skerry tent waterproof? I leave on Saturday.';

const display = await openDisplay();
Object.assign(process.env, display.env);
try {
  const stage = await startStage();
  const customer = await stage.customer();
  await customer.field.fill(question);
  await customer.page.keyboard.press('Enter');
  const desk = await stage.desk();
  const { page } = desk;
  await openRow(desk, 'I was charged twice for invoice 4471.');
  await write(desk, 'I see both charges. The second one goes back to your card today.');
  await openRow(desk, 'هل يمكن تغيير عنوان التوصيل؟');
  await write(desk, 'نعم، بالطبع.');
  await openRow(desk, 'I need the tent for Saturday.');
  await write(desk, 'Hello Maya, I am Ana. It was scanned at the wrong depot. I am asking them right now.');
  await bubble(desk, 'I am asking them right now.').waitFor();
  await page.getByText('Thank you for looking!').last().waitFor();
  await page.screenshot({ path: `${folder}/desk-light.png` });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: `${folder}/desk-dark.png` });
  await page.emulateMedia({ colorScheme: 'light' });
  await openRow(desk, question);
  await write(desk, 'Yes, up to 3,000 mm, and the seams are taped. Shall I put one aside for you?');
  await customer.frame.getByText('the seams are taped', { exact: false }).waitFor();
  await customer.page.screenshot({ path: `${folder}/shop-chat.png` });
} finally {
  await endStage();
  display.stop();
}
