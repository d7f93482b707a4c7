import { expect, test } from 'vitest';
import { readReady } from './demo.mjs';

test('the hub is ready when its line says so, and not before', () => {
  const line = '{"ready":true,"address":"http://127.0.0.1:4100","demo":"http://127.0.0.1:4100/demo"}';
  expect(readReady(line)).toEqual({ address: 'http://127.0.0.1:4100', demo: 'http://127.0.0.1:4100/demo' });
  expect(readReady('{"level":"info","msg":"starting"}')).toBeNull();
  expect(readReady('{"ready":false,"address":"http://127.0.0.1:4100"}')).toBeNull();
  expect(readReady('{"ready":true')).toBeNull();
  expect(readReady('ready')).toBeNull();
});
