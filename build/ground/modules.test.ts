import { describe, expect, test } from 'vitest';
import { isInstalled, nodeComplaint } from './modules.mjs';

describe('the Node that starts the set-up', () => {
  test('may be an old one on Linux x64, which brings its own', () => {
    expect(nodeComplaint('20.19.0', 'linux', 'x64')).toBeNull();
    expect(nodeComplaint('20.18.3', 'linux', 'x64')).toContain('Node 20.19 or newer');
  });

  test.each([
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    ['linux', 'arm64'],
  ])('must be a current one on %s %s', (platform, arch) => {
    expect(nodeComplaint('24.14.9', platform, arch)).toContain('Node 24.15 or newer');
    expect(nodeComplaint('24.15.0', platform, arch)).toBeNull();
    expect(nodeComplaint('25.0.0', platform, arch)).toBeNull();
  });
});

describe('the dependencies', () => {
  const wanted = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-system': { version: '2.0.0', optional: true },
  };

  test('are there when every version is the wanted one, those for other systems aside', () => {
    expect(isInstalled(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(true);
  });

  test('are not there when one is missing or of another version', () => {
    expect(isInstalled(wanted, {})).toBe(false);
    expect(isInstalled(wanted, { 'node_modules/a': { version: '1.0.1' } })).toBe(false);
    const old = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/other-system': { version: '1.0.0' } };
    expect(isInstalled(wanted, old)).toBe(false);
  });
});
