/** Before every DOM test file: English words are there, and what is rendered in one test is gone before the next. */
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';
import { startI18n } from '#renderer/app/i18n.ts';

startI18n('en');

// jsdom lays nothing out, so there is never a size to tell.
class SilentResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= SilentResizeObserver;

afterEach(cleanup);

// jsdom does not count what a person did; in tests somebody always has.
Object.defineProperty(navigator, 'userActivation', {
  configurable: true,
  value: { hasBeenActive: true, isActive: true },
});
