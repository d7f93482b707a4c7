import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, launchPackaged } from '#tests/support/desk.ts';
import { fenceOf, rendererOf } from '#tests/support/process-tree.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await launchPackaged({ isUnprivileged: true });
});
afterAll(async () => {
  expect(await desk.close()).toBe(0);
});

test('as an ordinary user the packaged desk runs with the real sandbox of the operating system', () => {
  const renderer = rendererOf(desk.pid);
  if (renderer === null) throw new Error('no renderer');
  const main = fenceOf(desk.pid);
  const page = fenceOf(renderer);
  expect(main.uid).not.toBe(0);
  expect(page.seccomp).toBe(2);
  expect(page.userNamespace).not.toBe(main.userNamespace);
  expect(page.netNamespace).not.toBe(main.netNamespace);
});

test('inside the sandbox the page still has its core', async () => {
  const state = await desk.page.evaluate(
    () =>
      new Promise((done) => {
        window.desk.connectCore(() => undefined, done);
      }),
  );
  expect(state).toBe('open');
  expect(desk.corePid()).not.toBeNull();
});
