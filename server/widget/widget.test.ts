import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitorWorld as world } from '#tests/support/visitor-world.ts';

describe('a visitor and the hub', () => {
  it('bring a message there and an answer back, with its delivery state on the way', async () => {
    const { hub, pass, page } = world();
    const { session } = page();
    expect(session.hasHistory).toBe(false);
    session.send('Where is my order?');
    expect(session.state.items.map((i) => i.state)).toEqual(['sending']);
    await pass(200);
    const [message] = hub.messages();
    expect(message?.text).toBe('Where is my order?');
    expect(session.state.items.map((i) => i.state)).toEqual(['sent']);
    const conversation = message?.conversation ?? '';
    hub.agentMark(conversation, 1, 0);
    await pass(100);
    expect(session.state.items[0]?.state).toBe('delivered');
    hub.agentMark(conversation, 1, 1);
    hub.note(conversation);
    hub.reply(conversation, 'On its way.');
    await pass(200);
    expect(session.state.items.map((i) => [i.text, i.order, i.state])).toEqual([
      ['Where is my order?', 1, 'read'],
      ['On its way.', 3, null],
    ]);
    expect(session.state.unread).toHaveLength(1);
    expect(hub.receipt(conversation, 'customer')).toMatchObject({ deliveredUpTo: 3, readUpTo: 0 });
    session.readAll();
    await pass(300);
    expect(session.state.unread).toHaveLength(0);
    expect(hub.receipt(conversation, 'customer')).toMatchObject({ deliveredUpTo: 3, readUpTo: 3 });
  });

  it('keep what was written while the link was down over a reload, and send it once, in order', async () => {
    const { hub, net, pass, page } = world();
    net.isUp = false;
    const first = page();
    for (const text of ['one', 'two', 'three']) first.session.send(text);
    await pass(4_000);
    expect(first.session.state.link).toBe('down');
    expect(first.session.state.items.map((i) => i.state)).toEqual(['waiting', 'waiting', 'waiting']);
    first.close();
    net.isUp = true;
    const second = page(first.storage);
    expect(second.session.hasHistory).toBe(true);
    second.session.start();
    await pass(1_000);
    expect(hub.messages().map((m) => m.text)).toEqual(['one', 'two', 'three']);
    expect(second.session.state.items.map((i) => i.state)).toEqual(['sent', 'sent', 'sent']);
  });

  it('say that the link is down when it is, and not for a blink', async () => {
    const { net, pass, page } = world();
    const { session } = page();
    session.start();
    await pass(100);
    net.cut();
    await pass(100);
    expect(session.state.link).toBe('connecting');
    await pass(1_000);
    expect(session.state.link).toBe('online');
    net.isUp = false;
    net.cut();
    await pass(1_600);
    expect(session.state.link).toBe('down');
    net.isUp = true;
    session.hurry();
    await pass(100);
    expect(session.state.link).toBe('online');
  });

  it('read only what is new after a reconnect, and everything again when the hub was set back', async () => {
    const { hub, net, pass, page } = world();
    const { session } = page();
    session.send('first');
    await pass(200);
    const conversation = hub.messages()[0]?.conversation ?? '';
    const backup = hub.head;
    net.cut();
    hub.reply(conversation, 'while you were away');
    net.heard.length = 0;
    await pass(1_500);
    const rows = net.heard.flatMap((d) =>
      d.t === 'rows' ? [{ restart: d.restart, kinds: d.rows.map((r) => r.k) }] : [],
    );
    expect(rows[0]).toEqual({ restart: null, kinds: ['message'] });
    session.send('second');
    await pass(200);
    expect(hub.messages().map((m) => m.text)).toEqual(['first', 'while you were away', 'second']);
    net.cut();
    hub.restoreTo(backup);
    await pass(2_000);
    expect(hub.messages().map((m) => m.text)).toEqual(['first', 'second']);
    expect(session.state.items.map((i) => i.text)).toEqual(['first', 'second']);
  });

  it('mask card numbers before they leave the page, and again at the hub', async () => {
    const { hub, net, pass, page } = world();
    const { session } = page();
    session.send('It is 4111 1111 1111 1111.');
    await pass(200);
    expect(JSON.stringify(net.said)).not.toContain('4111');
    const raw = {
      t: 'message',
      id: '019a9d3c-0000-7000-8000-0000000000ff',
      text: '5555-5555-5555-4444',
      at: 1,
    } as const;
    const link = { send: () => true, close: () => undefined };
    const rude = hub.gateway.connect(link, { address: 'x' });
    rude.receive({ t: 'hello', version: 1, site: 'shop', token: null, identity: null, language: 'en', cursor: null });
    rude.receive(raw);
    await pass(100);
    expect(hub.messages().at(-1)?.text).toBe('••••-••••-••••-4444');
  });

  it('leave nobody on the line who never says who they are', async () => {
    const { hub, pass } = world();
    let closed = 0;
    hub.gateway.connect({ send: () => true, close: () => (closed += 1) }, { address: 'x' });
    await pass(9_000);
    expect(closed).toBe(0);
    await pass(1_500);
    expect(closed).toBe(1);
  });

  it('slow a flood down without losing or reordering any of it', async () => {
    const { hub, pass, page } = world();
    const { session } = page();
    const texts = Array.from({ length: 40 }, (_, i) => `message ${i}`);
    for (const text of texts) session.send(text);
    await pass(2_000);
    expect(hub.messages().length).toBeLessThan(25);
    await pass(40_000);
    expect(hub.messages().map((m) => m.text)).toEqual(texts);
  });

  it('hand a message refused for good back to the customer', async () => {
    const { hub, pass, page } = world();
    hub.ports.ingest = async () => ({
      ok: false,
      error: { code: 'conversation/closed', origin: 'hub', retry: 'never' },
    });
    const { session } = page();
    session.send('hello');
    await pass(200);
    expect(session.state.items[0]?.state).toBe('failed');
    expect(session.takeBack(session.state.items[0]?.id ?? '')?.text).toBe('hello');
    expect(session.state.items).toEqual([]);
  });

  it('send again after the hub failed in the middle', async () => {
    const { hub, pass, page } = world();
    const { session } = page();
    session.start();
    await pass(100);
    hub.failures = 1;
    session.send('hello');
    await pass(4_000);
    expect(hub.messages().map((m) => m.text)).toEqual(['hello']);
    expect(hub.logged.some((line) => line.includes('hello'))).toBe(false);
  });

  it('refuse texts that are empty or too long before sending them', () => {
    const { session } = world().page();
    expect([session.send(''), session.send('   '), session.send('x'.repeat(4_001))]).toEqual([false, false, false]);
    expect(session.send('x'.repeat(4_000))).toBe(true);
  });

  it('show typing both ways, and forget it', async () => {
    const { hub, pass, page } = world();
    const heard: boolean[] = [];
    hub.onTyping = (isTyping) => heard.push(isTyping);
    const { session } = page();
    session.send('hello');
    await pass(200);
    session.type(true);
    session.type(true);
    await pass(6_000);
    expect(heard).toEqual([true, false]);
    hub.gateway.agentTyping(hub.messages()[0]?.conversation ?? '', 'Mara', true);
    await pass(100);
    expect(session.state.typing).toBe('Mara');
    await pass(8_000);
    expect(session.state.typing).toBeNull();
  });
});

describe('on a bad line', () => {
  const step = fc.constantFrom('write', 'write', 'write', 'reply', 'cut', 'reload', 'fail', 'wait');

  it('every message is stored once, in the order written, whatever is cut, swallowed, doubled or killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 60 }),
        fc.infiniteStream(fc.nat(99)),
        async (steps, dice) => {
          const { hub, net, pass, page } = world();
          const roll = (): number => dice.next().value ?? 0;
          net.fate = () => {
            const n = roll();
            return n < 4 ? 'swallow' : n < 10 ? 'twice' : 'through';
          };
          let open = page();
          open.session.start();
          const written: string[] = [];
          const replies: string[] = [];
          for (const [i, what] of steps.entries()) {
            if (what === 'write') {
              written.push(`m${i}`);
              open.session.send(`m${i}`);
            } else if (what === 'reply') {
              const conversation = hub.messages()[0]?.conversation;
              if (conversation) {
                replies.push(`r${i}`);
                hub.reply(conversation, `r${i}`);
              }
            } else if (what === 'cut') net.cut();
            else if (what === 'fail') hub.failures = 1;
            else if (what === 'reload') {
              open.close();
              open = page(open.storage);
              open.session.start();
            }
            await pass(roll());
          }
          net.fate = () => 'through';
          net.cut();
          await pass(150_000);
          const stored = hub.messages();
          expect(stored.filter((m) => m.from === 'customer').map((m) => m.text)).toEqual(written);
          expect(open.session.state.items.map((m) => m.text)).toEqual(stored.map((m) => m.text));
          expect(stored.filter((m) => m.from === 'agent').map((m) => m.text)).toEqual(replies);
          expect(new Set(stored.map((m) => m.conversation)).size).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});
