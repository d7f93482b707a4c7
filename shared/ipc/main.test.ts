import { expect, test } from 'vitest';
import { mainCalls, mainEvents } from './main.ts';
import { mainCallNames, mainEventNames } from './window-desk.ts';

test('every call and event of the contract has its door in the page, and no other is there', () => {
  expect([...mainCallNames].sort()).toEqual(Object.keys(mainCalls).sort());
  expect([...mainEventNames].sort()).toEqual(Object.keys(mainEvents).sort());
});
