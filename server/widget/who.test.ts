import { describe, expect, it } from 'vitest';
import { openPage } from '#tests/support/fake-visitor-net.ts';
import { visitorWorld as world } from '#tests/support/visitor-world.ts';
import type { WidgetSession } from './client/session.ts';
import type { KeyValue } from './client/storage.ts';

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
