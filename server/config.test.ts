import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('without settings a hub listens on loopback only, on its own database', () => {
  const config = readConfig({}, []);
  expect(config).toMatchObject({ ok: true, value: { host: '127.0.0.1', databaseUrl: null, tls: null, demo: null } });
});

test.each(['0.0.0.0', '::', '192.168.1.4', 'hub.example.org'])('listening on %s without TLS is refused', (host) => {
  const refused = readConfig({ FAIRLEAD_HOST: host }, []);
  expect(refused).toMatchObject({ ok: false, error: { code: 'hub/no-tls', field: 'FAIRLEAD_HOST' } });
});

test.each([{ FAIRLEAD_TLS_CERT: 'c.pem', FAIRLEAD_TLS_KEY: 'k.pem' }, { FAIRLEAD_TLS_PROXY: '1' }])(
  'listening elsewhere is allowed with a certificate, or behind a proxy that has one',
  (tls) => {
    expect(readConfig({ FAIRLEAD_HOST: '0.0.0.0', ...tls }, []).ok).toBe(true);
  },
);

test('half a certificate is no certificate', () => {
  expect(readConfig({ FAIRLEAD_TLS_CERT: 'c.pem' }, [])).toMatchObject({ ok: false, error: { code: 'hub/half-tls' } });
});

test.each([
  ['FAIRLEAD_PORT', '70000'],
  ['FAIRLEAD_PORT', '80; rm'],
  ['FAIRLEAD_OFFLINE_HOURS', '0'],
  ['FAIRLEAD_DATABASE_URL', 'mysql://x'],
  ['FAIRLEAD_PUBLIC_URL', 'javascript:alert(1)'],
  ['FAIRLEAD_TLS_PROXY', 'yes'],
  ['FAIRLEAD_METRICS_TOKEN', 'short'],
  ['FAIRLEAD_LOG_LEVEL', 'loud'],
])('a wrong %s is refused by its name', (name, value) => {
  expect(readConfig({ [name]: value }, [])).toMatchObject({
    ok: false,
    error: { code: 'hub/bad-setting', field: name },
  });
});
