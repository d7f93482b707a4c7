import { expect, test, vi } from 'vitest';

vi.mock('electron', () => ({ app: {} }));
const { runtimeKind } = await import('./about.ts');

test('another major version than the one the desk is made for is the stand-in', () => {
  expect(runtimeKind('45.4.1', '45.4.1')).toBe('official');
  expect(runtimeKind('45.5.0', '45.4.1')).toBe('official');
  expect(runtimeKind('33.2.1', '45.4.1')).toBe('stand-in');
  expect(runtimeKind('', '45.4.1')).toBe('stand-in');
});
