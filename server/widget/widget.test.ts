import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import type { WidgetSession } from './client/session.ts';
import type { KeyValue } from './client/storage.ts';
import { FakeHub, fakeSite } from '#tests/support/fake-visitor-hub.ts';
import { FakeNet, openPage } from '#tests/support/fake-visitor-net.ts';
import { signIdentity } from './identity.ts';
import type { Site } from './ports.ts';

function world(site: Partial<Site> = {}) {
  const clock = new FakeClock(Date.parse('2026-11-22T10:00:00Z'));
  const hub = new FakeHub(clock, fakeSite(site));
  const net = new FakeNet(clock, () => hub.gateway);
  /** Lets promises run and time pass, in small steps, so that neither outruns the other. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10) {
      clock.advance(Math.min(10, left));
      await new Promise((done) => setImmediate(done));
    }
  };
  /** Passes time until it is so. Signatures are checked on threads of their own, which no fake clock moves. */
  const until = async (isSo: () => boolean): Promise<void> => {
    await vi.waitFor(async () => {
      await pass(10);
      if (!isSo()) throw new Error(`not yet: ${isSo.toString()}`);
    }, { interval: 1, timeout: 5_000 });
  };
  const page = (storage?: KeyValue) => openPage(net, clock, storage ? { storage } : {});
  const identity = (subject: string, name = subject) =>
    signIdentity({ subject, name, email: null }, 'shop', hub.secret, clock.now());
  return { clock, hub, net, pass, until, page, identity };
}

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
    const rows = net.heard.flatMap((d) => (d.t === 'rows' ? [{ restart: d.restart, kinds: d.rows.map((r) => r.k) }] : []));
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
    const raw = { t: 'message', id: '019a9d3c-0000-7000-8000-0000000000ff', text: '5555-5555-5555-4444', at: 1 } as const;
    const link = { send: () => true, close: () => undefined };
    const rude = hub.gateway.connect(link, { address: 'x' });
    rude.receive({ t: 'hello', version: 1, site: 'shop', token: null, identity: null, language: 'en', cursor: null });
    rude.receive(raw);
    await pass(100);
    expect(hub.messages().at(-1)?.text).toBe('••••-••••-••••-4444');
  });

  it('slow a flood down without losing or reordering any of it', async () => {
    const { hub, pass, page } = world();
    const { session } = page();
    const texts = Array.from({ length: 25 }, (_, i) => `message ${i}`);
    for (const text of texts) session.send(text);
    await pass(2_000);
    expect(hub.messages().length).toBeLessThan(15);
    await pass(40_000);
    expect(hub.messages().map((m) => m.text)).toEqual(texts);
  });

  it('hand a message refused for good back to the customer', async () => {
    const { hub, pass, page } = world();
    hub.ports.ingest = async () => ({ ok: false, error: { code: 'conversation/closed', origin: 'hub', retry: 'never' } });
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

/** The texts a page shows. */
const textsOf = (page: { session: WidgetSession }): string[] => page.session.state.items.map((i) => i.text);
const tokenKeys = (storage: KeyValue): string[] =>
  Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((key) => key.endsWith('.token'));

describe('who a visitor is', () => {
  it('keeps an anonymous conversation when the customer signs in, under a new token', async () => {
    const { hub, until, pass, page, identity } = world();
    const mine = page();
    mine.session.send('before');
    await until(() => mine.session.state.items[0]?.state === 'sent');
    const before = mine.storage.getItem('fairlead.shop.anonymous.token');
    mine.session.setIdentity(await identity('C-1', 'Ada Brandt'));
    await until(() => mine.session.state.visitorName === 'Ada Brandt' && mine.session.state.isLoaded);
    expect(textsOf(mine)).toEqual(['before']);
    mine.session.send('after');
    await until(() => hub.messages().length === 2);
    expect(new Set(hub.messages().map((m) => m.conversation)).size).toBe(1);
    const kept = tokenKeys(mine.storage);
    expect(kept).toHaveLength(1);
    expect(mine.storage.getItem(kept[0] ?? '')).not.toBe(before);
    const thief = page();
    thief.storage.setItem('fairlead.shop.anonymous.token', before ?? '');
    thief.session.start();
    await until(() => thief.session.state.isLoaded);
    await pass(300);
    expect(textsOf(thief)).toEqual([]);
  });

  it('shows a known customer’s conversation on another device, and nobody else’s', async () => {
    const { until, page, identity } = world();
    const phone = page();
    phone.session.setIdentity(await identity('C-1'));
    phone.session.send('from my phone');
    await until(() => phone.session.state.items[0]?.state === 'sent');
    const desk = page();
    desk.session.setIdentity(await identity('C-1'));
    desk.session.start();
    const stranger = page();
    stranger.session.setIdentity(await identity('C-2'));
    stranger.session.start();
    await until(() => desk.session.state.isLoaded && stranger.session.state.isLoaded);
    expect(textsOf(desk)).toEqual(['from my phone']);
    expect(textsOf(stranger)).toEqual([]);
    desk.session.send('from my desk');
    await until(() => textsOf(phone).length === 2);
    expect(textsOf(phone)).toEqual(['from my phone', 'from my desk']);
    expect(textsOf(stranger)).toEqual([]);
  });

  it('leaves nothing in the browser after log-out, and the old token opens nothing', async () => {
    const { until, page, identity, hub } = world();
    const mine = page();
    mine.session.setIdentity(await identity('C-1'));
    mine.session.send('secret');
    await until(() => mine.session.state.items[0]?.state === 'sent');
    mine.session.keepDraft('half a thought');
    const key = tokenKeys(mine.storage)[0] ?? '';
    const old = mine.storage.getItem(key) ?? '';
    mine.session.reset();
    await until(() => mine.session.state.link === 'off');
    expect(mine.storage.length).toBe(0);
    expect(mine.session.state).toMatchObject({ items: [], visitorName: null });
    const thief = page();
    thief.storage.setItem(key, old);
    thief.session.setIdentity(await identity('C-1'));
    thief.session.start();
    await until(() => thief.session.state.link === 'off');
    expect(tokenKeys(thief.storage)).toEqual([]);
    expect(hub.messages()).toHaveLength(1);
  });

  it('shows nothing of the known customer when the page no longer vouches for them', async () => {
    const { until, page, identity } = world();
    const before = page();
    before.session.setIdentity(await identity('C-1'));
    before.session.send('secret');
    await until(() => before.session.state.items[0]?.state === 'sent');
    const later = page(before.storage);
    later.session.start();
    await until(() => later.session.state.isLoaded);
    expect(later.session.state).toMatchObject({ link: 'online', items: [], visitorName: null });
    later.session.setIdentity(await identity('C-1'));
    await until(() => later.session.state.isLoaded && later.session.state.visitorName === 'C-1');
    expect(textsOf(later)).toEqual(['secret']);
  });

  it('asks the page for a fresh identity when it is over, and says so when there is none', async () => {
    const { clock, net, until, identity } = world();
    let asked = 0;
    const { session } = openPage(net, clock, { onIdentityWanted: () => (asked += 1) });
    session.setIdentity(await identity('C-1'));
    session.start();
    await until(() => session.state.isLoaded);
    clock.advance(400_000);
    net.cut();
    await until(() => asked === 1);
    expect(session.state.link).toBe('off');
    session.setIdentity(await identity('C-1'));
    await until(() => session.state.link === 'online');
    clock.advance(400_000);
    net.cut();
    await until(() => asked === 2);
    session.setIdentity(null);
    expect(session.state.obstacle).toBe('expired');
  });
});

describe('on a bad line', () => {
  const step = fc.constantFrom('write', 'write', 'write', 'reply', 'cut', 'reload', 'fail', 'wait');

  it('every message is stored once, in the order written, whatever is cut, swallowed, doubled or killed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), fc.infiniteStream(fc.nat(99)), async (steps, dice) => {
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
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
