import { configure } from '@testing-library/dom';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createPreferences } from '#renderer/app/preferences.ts';
import { Root } from '#renderer/app/root.tsx';
import { openBridge } from '#renderer/bridge/bridge.tsx';
import { systemClock } from '#shared/lib/time.ts';
import { FakeCore } from './core.ts';
import { fakeWorld } from './data.ts';
import type { FakeWorld } from './rows.ts';

// jsdom lays nothing out; the thread draws what fits a height, so there must be one: a tall pane of low lines.
for (const side of ['offsetHeight', 'clientHeight'])
  Object.defineProperty(HTMLElement.prototype, side, {
    configurable: true,
    get(this: HTMLElement) {
      return this.getAttribute('role') === 'region' ? 2000 : 40;
    },
  });
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, get: () => 700 });
// Edges between panes take the pointer by their place, and without a layout all places are one.
const rectOf = HTMLElement.prototype.getBoundingClientRect;
HTMLElement.prototype.getBoundingClientRect = function (this: HTMLElement) {
  return this.getAttribute('role') === 'separator' ? new DOMRect(-100, -100, 1, 1) : rectOf.call(this);
};
HTMLElement.prototype.scrollTo = () => {};
HTMLElement.prototype.scrollBy = () => {};
// Errors without a print of the whole page, and patience for a busy machine.
configure({ asyncUtilTimeout: 6000, getElementError: (message) => new Error((message ?? '').split('\n')[0]) });
document.hasFocus = () => true;
Object.defineProperty(navigator, 'userActivation', {
  configurable: true,
  value: { hasBeenActive: true, isActive: true },
});

/** The whole page over a pretended core, with somebody at the keys. */
export function openScreen(change: (world: FakeWorld) => void = () => {}, world = fakeWorld(systemClock.now())) {
  change(world);
  const core = new FakeCore(world, systemClock);
  core.latency = 5;
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  const bridge = openBridge(core.desk(), systemClock);
  const screen = render(<Root bridge={bridge} preferences={createPreferences(storage)} systemLanguages={['en-GB']} />);
  return { core, bridge, user: userEvent.setup(), ...screen };
}
