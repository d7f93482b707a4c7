import { sign, verify } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { draftHistory, draftHistoryLimit, endDraft, forgetDrafts, readDraft, saveDraft } from './drafts.ts';
import { must, TestFolders } from './test-store.ts';
import {
  deviceKey,
  keepDeviceKey,
  lastCommandNumber,
  mintDeviceKey,
  nextCommandNumber,
  pruneSentLog,
  restartCommandNumbers,
} from './work-meta.ts';

const folders = new TestFolders();
afterEach(() => folders.removeAll());

const draft = (text: string, updatedAt: number, kind = 'reply') => ({
  conversation: 'c',
  text,
  kind,
  basis: '{}',
  updatedAt,
});

test('command numbers are used once, also after the outbox was pruned, and not by a transaction that failed', () => {
  const store = folders.open();
  expect(must(store.write((tx) => [nextCommandNumber(tx), nextCommandNumber(tx)]))).toEqual([1, 2]);
  expect(() =>
    store.write((tx) => {
      nextCommandNumber(tx);
      throw new Error('crash');
    }),
  ).toThrow('crash');
  expect(must(store.write(nextCommandNumber))).toBe(3);
  must(store.write((tx) => restartCommandNumbers(tx, 40)));
  expect(must(store.write(nextCommandNumber))).toBe(41);
  expect(must(store.read(lastCommandNumber))).toBe(41);
});

test('the device key survives a restart and its signatures verify under the public key the hub was given', () => {
  const folder = folders.folder();
  const minted = mintDeviceKey();
  must(folders.open(folder).write((tx) => keepDeviceKey(tx, minted)));
  folders.closeAll();
  const kept = must(folders.open(folder).read(deviceKey));
  expect(kept?.publicKey).toBe(minted.publicKey);
  const text = Buffer.from('a command');
  const signature = sign(null, text, kept?.privateKey ?? '');
  const key = { key: Buffer.from(minted.publicKey, 'base64'), format: 'der', type: 'spki' } as const;
  expect(verify(null, text, key, signature)).toBe(true);
  expect(must(folders.open().read(deviceKey))).toBeNull();
});

test('pruning forgets settled sent commands older than the longest offline time, never what needs a person', () => {
  const store = folders.open();
  const insert = `insert into main.outbox(n, id, kind, args, subjects, at, offline, basis, after, sig, state, settled_at)
    values(?, ?, 'k', '{}', '[]', 1, 0, '{}', '[]', 's', ?, ?)`;
  must(
    store.write((tx) => {
      for (const [n, state, at] of [
        [1, 'done', 10],
        [2, 'done', 90],
        [3, 'refused', 10],
        [4, 'discarded', 10],
        [5, 'waiting', null],
      ] as const) {
        tx.run(insert, n, `id${n}`, state, at);
      }
    }),
  );
  expect(must(store.write((tx) => pruneSentLog(tx, 50)))).toBe(2);
  expect(must(store.read((db) => db.values('select n from outbox order by n')))).toEqual([2, 3, 5]);
});

test('a draft is replaced as it is typed, and history keeps what stood a while or was taken away', () => {
  const store = folders.open();
  const save = (text: string, at: number, kind?: string) =>
    must(store.write((tx) => saveDraft(tx, draft(text, at, kind))));
  const past = () => must(store.read((db) => draftHistory(db, 'c').map((one) => one.text)));
  save('H', 1000);
  save('Hello', 2000);
  expect(past()).toEqual([]);
  save('Hello there, about your tent', 60_000);
  expect(past()).toEqual(['Hello']);
  save('', 61_000);
  expect(past()).toEqual(['Hello there, about your tent', 'Hello']);
  save('only for us', 62_000, 'note');
  save('for the customer', 63_000, 'reply');
  expect(past()[0]).toBe('only for us');
  must(store.write((tx) => endDraft(tx, 'c')));
  expect(must(store.read((db) => readDraft(db, 'c')))).toBeNull();
  expect(past()[0]).toBe('for the customer');
});

test('the history of a draft is bounded', () => {
  const store = folders.open();
  must(
    store.write((tx) => {
      for (let i = 0; i < 50; i += 1) {
        saveDraft(tx, draft(`text number ${i}`, i * 1000));
        endDraft(tx, 'c');
      }
    }),
  );
  const past = must(store.read((db) => draftHistory(db, 'c')));
  expect(past.length).toBe(draftHistoryLimit);
  expect(past[0]?.text).toBe('text number 49');
  must(store.write((tx) => forgetDrafts(tx, 'c')));
  expect(must(store.read((db) => draftHistory(db, 'c')))).toEqual([]);
});
