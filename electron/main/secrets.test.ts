import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecrets, type Vault } from './secrets.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const turned = (text: string): string => Buffer.from(text, 'latin1').reverse().toString('latin1');
const keychain: Vault = {
  isReal: () => true,
  seal: (text) => Buffer.from(`sealed:${turned(text)}`),
  open: (sealed) => {
    const text = sealed.toString();
    if (!text.startsWith('sealed:')) throw new Error('not ours');
    return turned(text.slice(7));
  },
};
const noKeychain: Vault = { ...keychain, isReal: () => false };
const bytes = Buffer.alloc(32, 7);

function secretsWith(vault: Vault, errors: unknown[] = []) {
  return createSecrets(
    join(dir, 'secrets'),
    vault,
    () => bytes,
    (error) => errors.push(error),
  );
}

test('a new profile gets a secret that a later start reads again, and the file does not show it', () => {
  const made = secretsWith(keychain).get('p-1', true);
  expect(made).toEqual({ kind: 'kept', secret: bytes.toString('base64') });
  expect(secretsWith(keychain).get('p-1', false)).toEqual(made);
  const file = join(dir, 'secrets', 'p-1.sealed');
  expect(readFileSync(file, 'utf8')).not.toContain(bytes.toString('base64'));
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('without a real keychain nothing is written and the password stands alone', () => {
  expect(secretsWith(noKeychain).get('p-1', true)).toEqual({ kind: 'none' });
  expect(readdirSync(dir)).toEqual([]);
});

test('a profile made without a keychain has none later either', () => {
  expect(secretsWith(keychain).get('p-1', false)).toEqual({ kind: 'none' });
});

test('a secret whose keychain is gone is unreadable, not absent', () => {
  secretsWith(keychain).get('p-1', true);
  expect(secretsWith(noKeychain).get('p-1', false)).toEqual({ kind: 'unreadable' });
});

test('a secret that the keychain refuses to open is unreadable and the reason is told', () => {
  secretsWith(keychain).get('p-1', true);
  const errors: unknown[] = [];
  const locked: Vault = {
    ...keychain,
    open: () => {
      throw new Error('locked');
    },
  };
  expect(secretsWith(locked, errors).get('p-1', false)).toEqual({ kind: 'unreadable' });
  expect(errors).toHaveLength(1);
});

test('a forgotten secret is gone from the disk', () => {
  const secrets = secretsWith(keychain);
  secrets.get('p-1', true);
  secrets.forget('p-1');
  secrets.forget('p-2');
  expect(readdirSync(join(dir, 'secrets'))).toEqual([]);
  expect(secrets.get('p-1', false)).toEqual({ kind: 'none' });
});
