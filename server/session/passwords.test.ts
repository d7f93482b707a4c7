import { hash, verify } from '@node-rs/argon2';
import { beforeEach, expect, test, vi } from 'vitest';
import { fitsPassword, hashPassword } from './passwords.ts';

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  return { hash: vi.fn(real.hash), verify: vi.fn(real.verify) };
});
beforeEach(() => vi.clearAllMocks());

test('a password fits its own hash and no other', async () => {
  const stored = await hashPassword('harbour and pine');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await fitsPassword(stored, 'harbour and pine')).toBe(true);
  expect(await fitsPassword(stored, 'harbour and pin')).toBe(false);
  expect(await hashPassword('harbour and pine')).not.toBe(stored);
});

test('where there is no account the same work is done as for a wrong password', async () => {
  const stored = await hashPassword('harbour and pine');
  vi.clearAllMocks();
  expect(await fitsPassword(stored, 'wrong')).toBe(false);
  expect([vi.mocked(hash).mock.calls.length, vi.mocked(verify).mock.calls.length]).toEqual([0, 1]);
  vi.clearAllMocks();
  expect(await fitsPassword(null, 'wrong')).toBe(false);
  expect([vi.mocked(hash).mock.calls.length, vi.mocked(verify).mock.calls.length]).toEqual([1, 0]);
  // One hash with the parameters of the stored one is what verifying costs.
  expect(vi.mocked(hash).mock.calls[0]?.[1]).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
});

test('a hash that cannot be read is a wrong password, not an error', async () => {
  expect(await fitsPassword('not a hash', 'x')).toBe(false);
});

test('no more than two passwords are worked on at once, and all get their turn', async () => {
  let running = 0;
  let most = 0;
  vi.mocked(hash).mockImplementation(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setImmediate(done));
    running -= 1;
    return 'hashed';
  });
  const all = await Promise.all(Array.from({ length: 12 }, () => hashPassword('x')));
  expect(all).toHaveLength(12);
  expect(most).toBe(2);
});
