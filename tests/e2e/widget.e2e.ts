import { afterEach, describe, expect, test } from 'vitest';
import { endAll, openChat, say, startProfile, startShop, visit } from '#tests/support/widget-chat.ts';

afterEach(endAll);

describe('a customer in a real browser', () => {
  test('writes, is answered, sees how far each message got, and all by keyboard', async () => {
    const shop = await startShop();
    const chat = await visit(await startProfile(), shop.host());
    const { page, frame, lines } = chat;
    await page.getByRole('button', { name: 'Before' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => frame.getByRole('textbox', { name: 'Your message' }).evaluate((e) => e.matches(':focus')))
      .toBe(true);
    await page.keyboard.type('Where is my order?');
    await page.keyboard.press('Enter');
    await frame.getByText('Sent', { exact: true }).waitFor();
    const conversation = shop.hub.messages()[0]?.conversation ?? '';
    shop.hub.agentMark(conversation, 1, 0);
    await frame.getByText('Delivered', { exact: true }).waitFor();
    shop.hub.agentMark(conversation, 1, 1);
    await frame.getByText('Read', { exact: true }).waitFor();
    shop.hub.gateway.agentTyping(conversation, 'Ana Keller', true);
    await frame.getByText('Ana Keller is typing').waitFor();
    shop.hub.reply(conversation, 'On its way, it comes tomorrow.', 'Ana Keller');
    await frame.getByText('On its way, it comes tomorrow.').waitFor();
    await expect
      .poll(() => shop.hub.receipt(conversation, 'customer'))
      .toMatchObject({ deliveredUpTo: 2, readUpTo: 2 });
    expect(await frame.getByText('Ana Keller is typing').count()).toBe(0);
    await page.keyboard.press('Escape');
    await expect
      .poll(() => page.getByRole('button', { name: 'Open chat' }).evaluate((e) => e.matches(':focus')))
      .toBe(true);
    expect(await lines.allTextContents()).toEqual(['Where is my order?', 'On its way, it comes tomorrow.']);
    expect(chat.errors).toEqual([]);
  });

  test('hears of answers while the chat is closed, and finds where the new ones begin', async () => {
    const shop = await startShop();
    const chat = await visit(await startProfile(), shop.host());
    const { page, frame } = chat;
    await openChat(chat);
    await say(chat, 'Hello');
    await frame.getByText('Sent', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    const conversation = shop.hub.messages()[0]?.conversation ?? '';
    shop.hub.reply(conversation, 'one');
    shop.hub.reply(conversation, 'two');
    await page.getByRole('button', { name: 'Open chat, 2 new messages' }).waitFor();
    expect(await page.getByRole('status').textContent()).toBe('2 new messages in the chat');
    expect(shop.hub.receipt(conversation, 'customer')?.readUpTo ?? 0).toBe(0);
    await openChat(chat);
    await frame.getByText('New messages').waitFor();
    const order = await frame.locator('li').allTextContents();
    expect(order.indexOf('New messages')).toBeLessThan(order.findIndex((t) => t.includes('one')));
    await expect.poll(() => shop.hub.receipt(conversation, 'customer')?.readUpTo).toBe(3);
  });

  test('finds the conversation again after a reload, and in another tab', async () => {
    const shop = await startShop();
    const context = await startProfile();
    const chat = await visit(context, shop.host());
    await openChat(chat);
    await say(chat, 'first');
    await chat.frame.getByText('Sent', { exact: true }).waitFor();
    await chat.field.fill('half a thought');
    await chat.page.reload();
    await openChat(chat);
    await chat.frame.getByText('first').waitFor();
    expect(await chat.field.inputValue()).toBe('half a thought');
    const other = await visit(context, shop.host());
    await openChat(other);
    await say(other, 'from the other tab');
    await chat.frame.getByText('from the other tab').waitFor();
    expect(new Set(shop.hub.messages().map((m) => m.conversation)).size).toBe(1);
  });

  test('loses and doubles nothing on a line that swallows bytes, over a reload, and is told the truth', async () => {
    const shop = await startShop();
    const chat = await visit(await startProfile(), shop.host());
    const { page, frame } = chat;
    await openChat(chat);
    await say(chat, 'one');
    await frame.getByText('Sent', { exact: true }).waitFor();
    await shop.proxy.set({ kind: 'swallow' });
    await say(chat, 'two');
    await say(chat, 'three');
    await frame.locator('.banner', { hasText: 'No connection' }).waitFor({ timeout: 8_000 });
    expect(await frame.getByText('Waiting for a connection').count()).toBe(1);
    await shop.proxy.set({ kind: 'pass' });
    await page.reload();
    await openChat(chat);
    await expect
      .poll(() => shop.hub.messages().map((m) => m.text), { timeout: 15_000 })
      .toEqual(['one', 'two', 'three']);
    await expect.poll(() => chat.lines.allTextContents()).toEqual(['one', 'two', 'three']);
    expect(await frame.locator('.banner').textContent()).toBe('');
  });

  test('sees markup and scripts as text, and card numbers are hidden before they leave', async () => {
    const shop = await startShop();
    const chat = await visit(await startProfile(), shop.host());
    await openChat(chat);
    await chat.field.fill('4111 1111 1111 1111');
    await chat.frame.getByText('Card numbers are hidden').waitFor();
    await chat.field.press('Enter');
    await chat.frame.getByText('•••• •••• •••• 1111').waitFor();
    await expect.poll(() => shop.hub.messages().map((m) => m.text)).toEqual(['•••• •••• •••• 1111']);
    const evil = '<img src=x onerror="window.evil=1"><script>window.evil=1</script>';
    shop.hub.reply(shop.hub.messages()[0]?.conversation ?? '', evil, '<b>Ana</b>');
    await chat.frame.getByText(evil).waitFor();
    await chat.frame.getByText('<b>Ana</b>').waitFor();
    expect(await chat.frame.locator('img, b, .thread script').count()).toBe(0);
    expect(chat.errors).toEqual([]);
  });

  test('is shown when the shop is closed, in German, and may write all the same', async () => {
    const day = [{ from: '00:00', to: '00:01' }];
    const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
    const awayText = { de: 'Wir sind wandern.' };
    const shop = await startShop({ hours: { timeZone: 'Europe/Berlin', week }, awayText });
    const chat = await visit(await startProfile(), shop.host({ lang: 'de' }));
    await openChat(chat);
    await chat.frame.getByText(/Wir haben geschlossen bis .+, 00:00/).waitFor();
    await chat.frame.getByText('Wir sind wandern.').waitFor();
    await say(chat, 'Bis morgen!');
    await chat.frame.getByText('Gesendet').waitFor();
  });
});

describe('who may see what', () => {
  test('a site that is not on the list cannot frame the chat, nor talk to it', async () => {
    const shop = await startShop();
    const chat = await visit(await startProfile(), shop.stranger());
    await openChat(chat);
    await expect.poll(() => chat.errors.join('\n')).toContain('frame-ancestors');
    expect(await chat.frame.getByRole('textbox').count()).toBe(0);
    expect(shop.hub.gateway.size).toBe(0);
  });

  test('log-out leaves nothing behind: not on the screen, not in storage, not for who signs in next', async () => {
    const shop = await startShop();
    const context = await startProfile();
    const chat = await visit(context, shop.host({ subject: 'maya' }));
    await openChat(chat);
    await say(chat, 'my secret');
    await chat.frame.getByText('Sent', { exact: true }).waitFor();
    await chat.page.evaluate(() => window.Fairlead?.reset());
    const inner = chat.page.frames().find((f) => f.url().includes('/widget/frame'));
    expect(await inner?.evaluate(() => localStorage.length)).toBe(0);
    expect(await chat.lines.count()).toBe(0);
    const next = await visit(context, shop.host({ subject: 'tom' }));
    await openChat(next);
    await next.frame.getByText('How can we help?').waitFor();
    expect(await next.lines.count()).toBe(0);
    const again = await visit(context, shop.host({ subject: 'maya' }));
    await openChat(again);
    await again.frame.getByText('my secret').waitFor();
  });

  test('the launcher adds one name and one element to the page, and the token is in no address', async () => {
    const shop = await startShop();
    const context = await startProfile();
    const plain = await context.newPage();
    await plain.goto(`${shop.hubAddress}/demo/shop.css`);
    const before = new Set(await plain.evaluate(() => Object.getOwnPropertyNames(window)));
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    const chat = await visit(context, shop.host());
    await openChat(chat);
    await say(chat, 'hello');
    await chat.frame.getByText('Sent', { exact: true }).waitFor();
    const after = await chat.page.evaluate(() => Object.getOwnPropertyNames(window));
    expect(after.filter((name) => !before.has(name) && !/^\d+$/.test(name))).toEqual(['Fairlead']);
    expect(await chat.page.evaluate(() => [...document.body.children].map((e) => e.tagName))).toEqual([
      'MAIN',
      'SCRIPT',
      'DIV',
    ]);
    const inner = chat.page.frames().find((f) => f.url().includes('/widget/frame'));
    const token = await inner?.evaluate(() => localStorage.getItem('fairlead.shop.anonymous.token'));
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(asked.filter((url) => url.includes(token ?? 'none'))).toEqual([]);
  });
});
