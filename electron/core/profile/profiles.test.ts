import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workFile } from '#core/db/open.ts';
import { codeOf, entities, must } from '#core/db/test-store.ts';
import { readMeta, writeMeta } from '#core/db/work-meta.ts';
import { FakeClock } from '#shared/lib/time.ts';
import type { Opener } from './keys.ts';
import { confirmedByHub, writeOfflineFacts } from './offline-time.ts';
import { listProfiles, profileFolder, profileIdOf, profilePath, readProfile, writeProfile } from './profile-file.ts';
import { type NewProfile, type OpenProfile, Profiles } from './profiles.ts';

const hub = { id: '00000000-0000-7000-8000-000000000001', address: 'https://hub.example', orgName: 'Harbour & Pine' };
const anna = { id: '00000000-0000-7000-8000-00000000000a', name: 'Anna', email: 'anna@example.com' };
const made: NewProfile = { kind: 'normal', hub, person: anna, deviceId: '00000000-0000-7000-8000-0000000000d1' };
const id = profileIdOf(hub.id, anna.id);
const by = (password: string | null): Opener => ({ password, keychainSecret: null });
const offline = { isHubSure: false };

let root = '';
let clock: FakeClock;
let profiles: Profiles;
const open: OpenProfile[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'profiles-'));
  clock = new FakeClock();
  profiles = new Profiles({ root, entities, clock, cost: { memoryKib: 8192, passes: 1 } });
});
afterEach(() => {
  for (const one of open.splice(0)) one.lock();
  rmSync(root, { recursive: true, force: true });
});

async function create(one: NewProfile = made, opener: Opener = by('a good password')): Promise<OpenProfile> {
  const opened = must(await profiles.create(one, opener));
  open.push(opened);
  return opened;
}

test('a profile is made once, locked, listed and opened again by its password with all it held', async () => {
  const first = await create();
  must(first.store.write((tx) => writeMeta(tx, 'session.x', 'here')));
  first.lock();
  expect(codeOf(first.store.read((db) => readMeta(db, 'session.x')))).toBe('store/closed');
  expect(codeOf(await profiles.create(made, by('another one')))).toBe('profile/exists');
  expect(listProfiles(root).profiles.map((one) => [one.person.name, one.kind])).toEqual([['Anna', 'normal']]);
  clock.advance(5000);
  const again = must(await profiles.open(id, by('a good password'), offline));
  open.push(again);
  expect(must(again.store.read((db) => readMeta(db, 'session.x')))).toBe('here');
  expect(must(readProfile(root, id)).lastUsedAt).toBe(clock.now());
});

test('neither the password nor a data key nor a readable header stands in the folder', async () => {
  const opened = await create();
  opened.lock();
  expect(readFileSync(profilePath(root, id), 'utf8')).not.toContain('a good password');
  expect(readFileSync(workFile(profileFolder(root, id))).includes('SQLite format')).toBe(false);
  if (process.platform !== 'win32') expect(statSync(profilePath(root, id)).mode & 0o077).toBe(0);
});

test('wrong passwords are counted on disk, across restarts, and make the next attempt wait', async () => {
  (await create()).lock();
  for (let i = 0; i < 3; i += 1) {
    const fresh = new Profiles({ root, entities, clock });
    expect(codeOf(await fresh.open(id, by('wrong'), offline))).toBe('profile/wrong-password');
  }
  const waiting = await profiles.open(id, by('a good password'), offline);
  expect(waiting).toMatchObject({ ok: false, error: { code: 'profile/wait', params: { waitMs: 5000 } } });
  clock.advance(5000);
  open.push(must(await profiles.open(id, by('a good password'), offline)));
  expect(codeOf(await profiles.open(id, by('wrong'), offline))).toBe('profile/wrong-password');
});

test('a hub that is sure of the person sets the waiting aside, not the password', async () => {
  (await create()).lock();
  for (let i = 0; i < 3; i += 1) await profiles.open(id, by('wrong'), offline);
  expect(codeOf(await profiles.open(id, by('still wrong'), { isHubSure: true }))).toBe('profile/wrong-password');
  open.push(must(await profiles.open(id, by('a good password'), { isHubSure: true })));
});

test('a changed password opens the same data and the former one no longer does', async () => {
  const first = await create();
  must(first.store.write((tx) => writeMeta(tx, 'session.x', 'here')));
  first.lock();
  const before = readFileSync(workFile(profileFolder(root, id)));
  expect(codeOf(await profiles.changePassword(id, by('wrong'), 'the next password'))).toBe('profile/wrong-password');
  must(await profiles.changePassword(id, by('a good password'), 'the next password'));
  expect(readFileSync(workFile(profileFolder(root, id))).equals(before)).toBe(true);
  expect(codeOf(await profiles.open(id, by('a good password'), offline))).toBe('profile/wrong-password');
  const again = must(await profiles.open(id, by('the next password'), offline));
  open.push(again);
  expect(must(again.store.read((db) => readMeta(db, 'session.x')))).toBe('here');
});

test('a demo profile opens without a password and says what it is; a normal one needs one', async () => {
  const demo = await create({ ...made, kind: 'demo' }, by(null));
  demo.lock();
  const again = must(await profiles.open(id, by(null), offline));
  open.push(again);
  expect(again.profile.kind).toBe('demo');
  expect(codeOf(await profiles.create({ ...made, person: { ...anna, id: hub.id } }, by(null)))).toBe(
    'profile/password-needed',
  );
});

test('when the offline time is over the right password does not open, but the hub can', async () => {
  const first = await create();
  must(first.store.write((tx) => writeOfflineFacts(tx, confirmedByHub(clock.now(), 60_000))));
  first.lock();
  clock.advance(59_000);
  must(await profiles.open(id, by('a good password'), offline)).lock();
  clock.advance(1000);
  expect(codeOf(await profiles.open(id, by('a good password'), offline))).toBe('profile/offline-over');
  must(await profiles.open(id, by('a good password'), { isHubSure: true })).lock();
});

test('a removed profile leaves nothing, and the same person can start again', async () => {
  (await create()).lock();
  must(profiles.remove(id));
  expect(existsSync(profileFolder(root, id))).toBe(false);
  expect(codeOf(await profiles.open(id, by('a good password'), offline))).toBe('profile/unknown');
  const again = await create();
  expect(must(again.store.read((db) => readMeta(db, 'session.x')))).toBeNull();
});

test('a profile file that was altered or does not belong here is reported as damaged and never opened', async () => {
  (await create()).lock();
  const file = must(readProfile(root, id));
  writeFileSync(profilePath(root, id), JSON.stringify({ ...file, kind: 'super' }));
  expect(codeOf(await profiles.open(id, by('a good password'), offline))).toBe('profile/damaged');
  expect(listProfiles(root)).toEqual({ profiles: [], damaged: [id] });
  must(writeProfile(root, file));
  must(profiles.remove(id));
  expect(listProfiles(root)).toEqual({ profiles: [], damaged: [] });
  expect(codeOf(await profiles.open('../escape', by('x'), offline))).toBe('profile/unknown');
});

test('after damage to work.db a new start needs the password, keeps a copy, and the profile opens again', async () => {
  (await create()).lock();
  const file = workFile(profileFolder(root, id));
  const bytes = readFileSync(file);
  bytes.fill(7, 100, 300);
  writeFileSync(file, bytes);
  expect(codeOf(await profiles.open(id, by('a good password'), offline))).toBe('store/corrupt');
  expect(codeOf(await profiles.startAnew(id, by('wrong')))).toBe('profile/wrong-password');
  const salvaged = must(await profiles.startAnew(id, by('a good password')));
  expect(readFileSync(salvaged.aside).equals(bytes)).toBe(true);
  open.push(must(await profiles.open(id, by('a good password'), offline)));
});
