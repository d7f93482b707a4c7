import { afterEach, expect, test } from 'vitest';
import { type Desk, launchPackaged } from '#tests/support/desk.ts';
import { fenceOf, rendererOf } from '#tests/support/process-tree.ts';
import { bubble, endStage, rowWith, shot, startStage, write } from '#tests/support/stage.ts';

afterEach(endStage);

function expectFenced(desk: Desk): void {
  const renderer = rendererOf(desk.pid);
  if (renderer === null) throw new Error('no renderer');
  const main = fenceOf(desk.pid);
  const page = fenceOf(renderer);
  expect(main.uid).not.toBe(0);
  expect(page.seccomp).toBe(2);
  expect(page.userNamespace).not.toBe(main.userNamespace);
  expect(page.netNamespace).not.toBe(main.netNamespace);
}

test('as an ordinary user the packaged desk runs with the real sandbox of the operating system', async () => {
  const desk = await launchPackaged({ isUnprivileged: true });
  expectFenced(desk);
  const state = await desk.page.evaluate(
    () =>
      new Promise((done) => {
        window.desk.connectCore(() => undefined, done);
      }),
  );
  expect(state).toBe('open');
  expect(desk.corePid()).not.toBeNull();
  expect(await desk.close()).toBe(0);
});

test('inside the sandbox it signs in, shows the inbox, and an answer reaches the hub', async () => {
  const stage = await startStage();
  const desk = await stage.desk({ isUnprivileged: true });
  expectFenced(desk);
  await rowWith(desk, 'Maya Lindqvist').click();
  await write(desk, 'I am looking into it.');
  await bubble(desk, 'I am looking into it.')
    .getByText(/^(sent|delivered|read)$/)
    .waitFor();
  await shot(desk.page, 'sandbox');
});
