import { openDisplay } from '#build/ground/display.mjs';

/** vitest's `globalSetup` of the end-to-end tests: a display of their own, so that no window disturbs a person. */
export async function setup(): Promise<() => void> {
  const display = await openDisplay({ isPrivate: true });
  Object.assign(process.env, display.env, { DBUS_SESSION_BUS_ADDRESS: 'disabled:' });
  return () => display.stop();
}
