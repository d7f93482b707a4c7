import { expect, test } from 'vitest';
import { packageComplaint } from './bundle.mjs';

test('a package with the stand-in runtime is refused unless it is for tests', () => {
  const standIn = { kind: 'fallback', version: '33.2.1' };
  expect(packageComplaint(standIn, false)).toContain('must not be released');
  expect(packageComplaint(standIn, true)).toBeNull();
  expect(packageComplaint({ kind: 'official', version: '45.4.1' }, false)).toBeNull();
});
