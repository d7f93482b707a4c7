import { expect, test, vi } from 'vitest';

vi.mock('electron', () => ({ MessageChannelMain: class {}, utilityProcess: {} }));
const { coreEnvironment } = await import('./core-process.ts');

test('the core gets language, certificates and our own settings, and no secret of another program', () => {
  const env = {
    LANG: 'de_DE.UTF-8',
    NODE_EXTRA_CA_CERTS: '/etc/hub.pem',
    FAIRLEAD_LOG: 'console',
    AWS_SECRET_ACCESS_KEY: 'secret',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: '/tmp/x.so',
    TZ: undefined,
  };
  expect(coreEnvironment(env)).toEqual({
    LANG: 'de_DE.UTF-8',
    NODE_EXTRA_CA_CERTS: '/etc/hub.pem',
    FAIRLEAD_LOG: 'console',
  });
});
