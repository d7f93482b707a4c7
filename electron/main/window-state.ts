import * as z from 'zod/mini';

/** A rectangle on the desktop in density-independent pixels. */
export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export const smallestWindow = { width: 900, height: 600 } as const;
const firstWindow = { width: 1440, height: 900 } as const;

/** How much of the window's top edge must be on a screen for a person to be able to grab it. */
const grip = { width: 120, height: 32 } as const;

const pixels = z.int().check(z.gte(-100_000), z.lte(100_000));
export const windowStateSchema = z.object({
  x: pixels,
  y: pixels,
  width: pixels,
  height: pixels,
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

function between(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

function overlap(fromA: number, lengthA: number, fromB: number, lengthB: number): number {
  return Math.min(fromA + lengthA, fromB + lengthB) - Math.max(fromA, fromB);
}

function sizedFor(wanted: { width: number; height: number }, screen: Area): { width: number; height: number } {
  return {
    width: between(wanted.width, smallestWindow.width, Math.max(smallestWindow.width, screen.width)),
    height: between(wanted.height, smallestWindow.height, Math.max(smallestWindow.height, screen.height)),
  };
}

function canBeGrabbed(state: Area, screen: Area): boolean {
  return (
    overlap(state.x, state.width, screen.x, screen.width) >= grip.width &&
    overlap(state.y, grip.height, screen.y, screen.height) >= grip.height
  );
}

/**
 * Where the window opens: where it was left, if enough of it is still on a screen; else in the middle of the main one.
 * Never smaller than the smallest window, never larger than its screen (unless the screen itself is that small).
 * @param screens work areas of all screens, the main one first
 */
export function placeWindow(saved: WindowState | null, screens: readonly [Area, ...Area[]]): WindowState {
  const isMaximized = saved?.isMaximized ?? false;
  if (saved) {
    for (const screen of screens) {
      // Judged with the size it will have: a window cut to its screen may no longer reach it.
      const window = { x: saved.x, y: saved.y, ...sizedFor(saved, screen) };
      if (canBeGrabbed(window, screen)) return { ...window, isMaximized };
    }
  }
  const [screen] = screens;
  const size = sizedFor(saved ?? firstWindow, screen);
  return {
    x: Math.max(screen.x, screen.x + Math.round((screen.width - size.width) / 2)),
    y: Math.max(screen.y, screen.y + Math.round((screen.height - size.height) / 2)),
    ...size,
    isMaximized,
  };
}
