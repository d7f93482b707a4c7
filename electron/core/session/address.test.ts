import { describe, expect, it } from 'vitest';
import { hubAddressOf } from './address.ts';

const read = (typed: string): string => {
  const address = hubAddressOf(typed);
  return address.ok ? address.value : address.error.code;
};

describe('the address of a hub', () => {
  it('is taken as a person types it', () => {
    expect(read(' hub.example ')).toBe('https://hub.example');
    expect(read('hub.example:8443')).toBe('https://hub.example:8443');
    expect(read('https://hub.example/some/path?x')).toBe('https://hub.example');
    expect(read('wss://hub.example')).toBe('https://hub.example');
    expect(read('localhost:7300')).toBe('http://localhost:7300');
    expect(read('http://127.0.0.1:7300')).toBe('http://127.0.0.1:7300');
    expect(read('http://[::1]:7300')).toBe('http://[::1]:7300');
  });

  it('must be encrypted anywhere but on this computer', () => {
    for (const typed of [
      'http://hub.example',
      'ws://10.0.0.4',
      'http://localhost.example',
      'http://127.0.0.1.example',
    ]) {
      expect(read(typed)).toBe('session/needs-tls');
    }
  });

  it('is refused when it is none', () => {
    for (const typed of [
      '',
      '://',
      'file:///etc/passwd',
      'javascript://x',
      'https://',
      'https://user:word@hub.example',
    ]) {
      expect(read(typed)).toBe('session/bad-address');
    }
  });
});
