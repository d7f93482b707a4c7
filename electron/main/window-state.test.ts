import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Area, placeWindow, smallestWindow } from './window-state.ts';

const laptop: Area = { x: 0, y: 0, width: 1440, height: 870 };
const right: Area = { x: 1440, y: -200, width: 1920, height: 1040 };

test('the first window stands in the middle of the main screen and fits on it', () => {
  expect(placeWindow(null, [laptop])).toEqual({ x: 0, y: 0, width: 1440, height: 870, isMaximized: false });
  expect(placeWindow(null, [{ x: 0, y: 0, width: 2560, height: 1400 }])).toMatchObject({ x: 560, y: 250 });
});

test('a window left on the second screen opens there again', () => {
  const saved = { x: 1500, y: -100, width: 1200, height: 800, isMaximized: true };
  expect(placeWindow(saved, [laptop, right])).toEqual(saved);
});

test('a window whose screen is gone comes back to the main one with its size', () => {
  const saved = { x: 1500, y: -100, width: 1200, height: 800, isMaximized: false };
  expect(placeWindow(saved, [laptop])).toEqual({ x: 120, y: 35, width: 1200, height: 800, isMaximized: false });
});

test('a window whose title bar is above every screen is brought back', () => {
  const saved = { x: 100, y: -500, width: 1000, height: 700, isMaximized: false };
  expect(placeWindow(saved, [laptop]).y).toBeGreaterThanOrEqual(0);
});

test('whatever was saved, the window can be grabbed and is never smaller than the smallest one', () => {
  const any = fc.integer({ min: -100_000, max: 100_000 });
  const state = fc.record({ x: any, y: any, width: any, height: any, isMaximized: fc.boolean() });
  fc.assert(
    fc.property(state, fc.constantFrom<[Area, ...Area[]]>([laptop], [laptop, right], [right]), (saved, screens) => {
      const placed = placeWindow(saved, screens);
      expect(placed.width).toBeGreaterThanOrEqual(smallestWindow.width);
      expect(placed.height).toBeGreaterThanOrEqual(smallestWindow.height);
      const isReachable = screens.some(
        (screen) =>
          placed.x < screen.x + screen.width - 100 &&
          placed.x + placed.width > screen.x + 100 &&
          placed.y >= screen.y &&
          placed.y < screen.y + screen.height - 30,
      );
      expect(isReachable).toBe(true);
    }),
  );
});
