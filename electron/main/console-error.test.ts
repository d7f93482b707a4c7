import { expect, test } from 'vitest';
import { consoleError } from './console-error.ts';

test('errors are read in the form of older and of newer versions of Electron, and milder lines are not', () => {
  const event = { preventDefault: (): void => undefined };
  expect(consoleError(event, 3, 'broken')).toBe('broken');
  expect(consoleError(event, 2, 'careful')).toBeNull();
  expect(consoleError({ ...event, level: 'error', message: 'broken' }, 3, 'broken')).toBe('broken');
  expect(consoleError({ ...event, level: 'warning', message: 'careful' }, 2, 'careful')).toBeNull();
});
