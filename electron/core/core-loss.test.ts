import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { fakeAgent } from '#tests/support/fake-company.ts';
import { FakeDesk, must, pass, until } from '#tests/support/fake-desk.ts';
import { FakeHub } from '#tests/support/fake-hub.ts';
import { cacheFile, workFile } from './db/open.ts';
import { profileFolder } from './profile/profile-file.ts';

let clock: FakeClock;
let hub: FakeHub;
let desk: FakeDesk;

beforeEach(() => {
  clock = new FakeClock();
  hub = new FakeHub(clock, 5000);
  desk = new FakeDesk(hub, clock);
});
afterEach(() => desk.remove());

const visible = (): Map<string, string> => hub.stream.visibleTo(desk.deviceId);
const cached = (): Map<string, string> => desk.rows();

describe('losing a right', () => {
  it('forgets a conversation that is no longer its own, on the disk too', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    expect(desk.thread(conversation)).toHaveLength(1);
    hub.revoke(desk.deviceId, `ownership:${conversation}`);
    await pass(clock, 500);
    expect(desk.thread(conversation)).toEqual([]);
    expect(cached()).toEqual(visible());
    const left = must(
      desk.core.desk?.opened.store.read((db) =>
        db.value<number>('select count(*) from cache.scope_state where scope is null'),
      ) ?? { ok: true, value: 0 },
    );
    expect(left).toBe(0);
  });

  it('is wiped when it is revoked, and the person is told what was lost', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    must(desk.reply(conversation, 'lost'));
    hub.dismiss(desk.deviceId, 'revoked');
    hub.reach = 'open';
    await until(clock, () => desk.stage === 'closed');
    expect(must(desk.core.query('session.stage', {}))).toMatchObject({ profiles: [] });
    expect(desk.events).toContainEqual(
      expect.objectContaining({
        op: 'notice',
        notice: expect.objectContaining({
          error: expect.objectContaining({ code: 'session/revoked', params: { count: 1 } }),
        }),
      }),
    );
  });

  it('will not be signed out with work unsent unless the loss is confirmed', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    must(desk.reply(conversation, 'unsent'));
    expect(await desk.core.call('session.signOut', { isLossConfirmed: false })).toMatchObject({
      error: { code: 'session/unsent-work', params: { count: 1 } },
    });
    await desk.finish(desk.core.call('session.signOut', { isLossConfirmed: true }));
    expect(must(desk.core.query('session.stage', {}))).toMatchObject({ stage: 'closed', profiles: [] });
  });
});

describe('after a restore', () => {
  it('offers again what a restored hub has forgotten, once each', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    must(desk.reply(conversation, 'a'));
    await until(clock, () => desk.status.waiting === 0);
    const restore = hub.backup();
    for (const text of ['b', 'c']) must(desk.reply(conversation, text));
    await until(clock, () => desk.status.waiting === 0);
    await pass(clock, 100);
    restore();
    await until(clock, () => desk.link === 'live' && hub.delivered.length === 3);
    await pass(clock, 500);
    expect(hub.delivered).toEqual(['a', 'b', 'c']);
    expect(desk.thread(conversation)).toEqual(['Hello none', 'a sent', 'b sent', 'c sent']);
    expect(cached()).toEqual(visible());
  });

  it('offers again what was done a day ago too: a hub may come back from the backup of last night', async () => {
    hub.offlineForMs = 12 * 3_600_000;
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    const restore = hub.backup();
    must(desk.reply(conversation, 'in the morning'));
    await until(clock, () => desk.status.waiting === 0);
    clock.advance(23 * 3_600_000);
    await pass(clock, 500);
    hub.cut();
    await until(clock, () => desk.link === 'live');
    restore();
    await until(clock, () => desk.link === 'live' && hub.delivered.length === 1);
    expect(hub.delivered).toEqual(['in the morning']);
  });

  it('enrols an older disk again and delivers what was on it, once each', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    must(desk.reply(conversation, 'a'));
    desk.crash();
    const old = desk.keepDisk();
    await desk.restart();
    hub.reach = 'open';
    await until(clock, () => desk.link === 'live' && desk.status.waiting === 0);
    must(desk.reply(conversation, 'b'));
    await until(clock, () => desk.status.waiting === 0);
    desk.crash();
    old();
    await desk.restart();
    await until(clock, () => desk.link === 'sign-in-needed');
    expect(desk.status.link.why).toBe('cloned');
    must(desk.reply(conversation, 'd'));
    const stationId = '00000000-0000-7000-8000-000000000001';
    await desk.finish(
      desk.core.call('session.signIn', { stationId, email: 'agent3@x.example', password: 'correct horse' }),
    );
    await until(clock, () => desk.link === 'live' && desk.status.waiting === 0);
    await pass(clock, 500);
    expect(hub.delivered).toEqual(['a', 'b', 'd']);
    expect(desk.thread(conversation)).toEqual(['Hello none', 'a sent', 'b sent', 'd sent']);
    expect(fakeAgent).toBe(desk.core.desk?.opened.profile.person.id);
  });
});

describe('a profile that becomes another device', () => {
  it('keeps nothing of what the device before held, though the power goes before its cache does', async () => {
    const conversation = hub.converse(1, null);
    await desk.enter();
    hub.open(desk.deviceId, conversation);
    await pass(clock, 500);
    expect(desk.thread(conversation)).toHaveLength(1);
    hub.dismiss(desk.deviceId, 'cloned');
    await until(clock, () => desk.link === 'sign-in-needed');
    const folder = profileFolder(desk.dir, desk.core.desk?.opened.profile.id ?? '');
    desk.crash();
    const old = ['', '-wal', '.key-check'].flatMap((part) => {
      const file = cacheFile(folder) + part;
      return existsSync(file) ? [{ file, bytes: readFileSync(file) }] : [];
    });
    await desk.restart();
    const stationId = '00000000-0000-7000-8000-000000000001';
    await desk.finish(
      desk.core.call('session.signIn', { stationId, email: 'agent3@x.example', password: 'correct horse' }),
    );
    await until(clock, () => desk.link === 'live');
    desk.crash();
    // What was being deleted and made anew stands there again, as after a power cut.
    rmSync(`${cacheFile(folder)}-wal`, { force: true });
    for (const { file, bytes } of old) writeFileSync(file, bytes);
    await desk.restart();
    await until(clock, () => desk.link === 'live');
    await pass(clock, 500);
    expect(desk.thread(conversation)).toEqual([]);
    expect(cached()).toEqual(visible());
  });
});

describe('a damaged disk', () => {
  it('saves what can be read of work.db and delivers it', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    must(desk.reply(conversation, 'kept'));
    const file = workFile(profileFolder(desk.dir, desk.core.desk?.opened.profile.id ?? ''));
    desk.core.close();
    const bytes = readFileSync(file);
    bytes.fill(7, bytes.length - 4000);
    writeFileSync(file, bytes);
    await desk.restart();
    expect(desk.logs.some((l) => l.includes('work.db was damaged'))).toBe(true);
    expect(desk.thread(conversation)).toEqual(['Hello none', 'kept waiting']);
    hub.reach = 'open';
    await until(clock, () => desk.link === 'live' && desk.status.waiting === 0);
    expect(hub.delivered).toEqual(['kept']);
  });

  it('fetches a damaged cache again', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    const file = cacheFile(profileFolder(desk.dir, desk.core.desk?.opened.profile.id ?? ''));
    desk.core.close();
    const bytes = readFileSync(file);
    bytes.fill(7, 4096, bytes.length);
    writeFileSync(file, bytes);
    await desk.restart();
    await until(clock, () => desk.link === 'live');
    await pass(clock, 500);
    expect(desk.thread(conversation)).toEqual(['Hello none']);
    expect(cached()).toEqual(visible());
  });
});
