import { expect, test } from 'vitest';
import { demoHubFrom } from './demo-hub.ts';

test.each([
  ['http://127.0.0.1:4100/', 'http://127.0.0.1:4100'],
  ['https://hub.example/path?x=1', 'https://hub.example'],
  ['file:///etc/passwd', null],
  ['127.0.0.1:4100', null],
  ['', null],
  [undefined, null],
])('the demo hub of %j is %j', (text, origin) => {
  expect(demoHubFrom(text)).toBe(origin);
});
