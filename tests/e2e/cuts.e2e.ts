import { afterEach, expect, test } from 'vitest';
import type { Desk } from '#tests/support/desk.ts';
import {
  bubble,
  type Customer,
  endStage,
  openRow,
  patient,
  resolveWith,
  rowWith,
  type Stage,
  seenAt,
  shot,
  startStage,
  write,
} from '#tests/support/stage.ts';
import { say } from '#tests/support/widget-chat.ts';

afterEach(endStage);

/** The ways a desk loses its hub, and how it gets it back. */
const cuts = [
  {
    name: 'a hub that is killed',
    shots: 'killed',
    isProxied: false,
    cut: (stage: Stage) => stage.hub.kill9(),
    mend: async (stage: Stage) => void (await stage.hub.restart()),
  },
  {
    name: 'a network that swallows every byte and closes nothing',
    shots: 'swallowed',
    isProxied: true,
    cut: (stage: Stage) => stage.proxy.set({ kind: 'swallow' }),
    mend: (stage: Stage) => stage.proxy.set({ kind: 'pass' }),
  },
  {
    name: 'a hub that is frozen',
    shots: 'frozen',
    isProxied: false,
    cut: async (stage: Stage) => stage.hub.freeze(),
    mend: async (stage: Stage) => stage.hub.thaw(),
  },
];

/** Two customers in conversation with the agent of this desk. */
async function inTalk(stage: Stage, desk: Desk): Promise<readonly [Customer, Customer]> {
  const both = [await stage.customer(), await stage.customer()] as const;
  for (const [at, customer] of both.entries()) {
    const name = at === 0 ? 'Anke' : 'Bodo';
    await say(customer, `I am ${name}.`);
    await openRow(desk, `I am ${name}.`);
    await write(desk, `Hello ${name}.`);
    await bubble(desk, `Hello ${name}.`).getByText('read', { exact: true }).waitFor();
  }
  return both;
}

/** The pill's words, beside whatever else the bar says. */
const pill = (desk: Desk, words: string | RegExp) => desk.page.getByRole('button', { name: words });

async function cutAndMeasure(stage: Stage, desk: Desk, cut: (stage: Stage) => Promise<void>): Promise<number> {
  const told = await seenAt(desk.page, 'Hub out of reach');
  const cutAt = Date.now();
  await cut(stage);
  return (await told.at) - cutAt;
}

/** The colour that means "not confirmed by the hub". */
async function isPurple(desk: Desk, text: string): Promise<boolean> {
  const word = bubble(desk, text).getByText(/waiting to send/);
  return word.evaluate((element) => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--wait)';
    const isSame = getComputedStyle(probe).color === getComputedStyle(element).color;
    probe.remove();
    return isSame;
  });
}

test.each(cuts)(
  '$name: the pill says so, work goes on, survives a kill, and arrives once and in order',
  async (way) => {
    const stage = await startStage();
    const first = await stage.desk({ isProxied: way.isProxied });
    const [anke, bodo] = await inTalk(stage, first);

    const toldAfter = await cutAndMeasure(stage, first, way.cut);
    await openRow(first, 'Hello Anke.');
    await write(first, 'One for Anke.');
    await write(first, 'Two for Anke.');
    await bubble(first, 'Two for Anke.')
      .getByText(/waiting to send · .+ without the hub/)
      .waitFor();
    await openRow(first, 'Hello Bodo.');
    await write(first, 'One for Bodo.');
    await resolveWith(first, 2);
    await pill(first, '4 waiting').waitFor();
    await shot(first.page, `cuts-${way.shots}-1-offline`);
    await first.kill9();

    const startedAt = Date.now();
    const desk = await stage.desk({ dir: first.dir, isProxied: way.isProxied });
    const openAfter = Date.now() - startedAt;
    await pill(desk, /Hub out of reach|Connecting/)
      .first()
      .waitFor();
    await pill(desk, '4 waiting').waitFor();
    await openRow(desk, 'Two for Anke.');
    for (const text of ['One for Anke.', 'Two for Anke.']) {
      await bubble(desk, text)
        .getByText(/waiting to send/)
        .waitFor();
      expect(await isPurple(desk, text)).toBe(true);
    }
    await shot(desk.page, `cuts-${way.shots}-2-again`);
    await openRow(desk, 'One for Bodo.');
    await desk.page.getByText(/You resolved this: Order put right · .+ · waiting to send/).waitFor();
    await pill(desk, '4 waiting').click();
    const rows = desk.page.getByRole('grid', { name: 'On its way by itself' }).getByRole('row');
    await expect
      .poll(
        async () => (await rows.allTextContents()).map((row) => /One for \w+|Two for \w+|Resolve/.exec(row)?.[0]),
        patient,
      )
      .toEqual([undefined, 'One for Anke', 'Two for Anke', 'One for Bodo', 'Resolve']);
    expect(await rows.getByText('waiting', { exact: true }).count()).toBe(4);
    await shot(desk.page, `cuts-${way.shots}-3-outbox`);

    const mendedAt = Date.now();
    await way.mend(stage);
    await pill(desk, 'Connected').waitFor({ timeout: 40_000 });
    const backAfter = Date.now() - mendedAt;
    await desk.page.getByText('Nothing waits').waitFor();
    await anke.frame.getByText('Two for Anke.').waitFor({ timeout: 40_000 });
    await bodo.frame.getByText('One for Bodo.').waitFor({ timeout: 40_000 });
    const allAfter = Date.now() - mendedAt;
    await shot(desk.page, `cuts-${way.shots}-4-back`);
    console.log(
      `${way.name}: told after ${toldAfter} ms; opened offline in ${openAfter} ms; back after ${backAfter} ms, all there after ${allAfter} ms`,
    );
    expect(await anke.lines.allTextContents()).toEqual(['I am Anke.', 'Hello Anke.', 'One for Anke.', 'Two for Anke.']);
    expect(await bodo.lines.allTextContents()).toEqual(['I am Bodo.', 'Hello Bodo.', 'One for Bodo.']);
    await desk.page.getByRole('button', { name: 'Inbox' }).click();
    await desk.page
      .getByRole('group', { name: /^Resolved lately/ })
      .getByText('One for Bodo.')
      .waitFor();
    await openRow(desk, 'Two for Anke.');
    await bubble(desk, 'Two for Anke.').getByText('read', { exact: true }).waitFor();
    expect(await bubble(desk, 'One for Anke.').count()).toBe(1);
    expect(toldAfter).toBeLessThan(5_000);
  },
  120_000,
);

test('a reply the customer has overtaken is not sent, holds the resolve behind it, and both go when sent again', async () => {
  const stage = await startStage();
  const desk = await stage.desk({ isProxied: true });
  const [anke, bodo] = await inTalk(stage, desk);
  await cutAndMeasure(stage, desk, () => stage.proxy.set({ kind: 'swallow' }));

  await openRow(desk, 'Hello Bodo.');
  await write(desk, 'Fresh for Bodo.');
  await openRow(desk, 'Hello Anke.');
  await write(desk, 'Stale for Anke.');
  await resolveWith(desk, 1);
  await pill(desk, '3 waiting').waitFor();
  // The customer's own line is whole.
  await say(anke, 'Stop, I found it!');
  await anke.frame.getByText('Sent', { exact: true }).waitFor();
  await stage.proxy.set({ kind: 'pass' });

  await pill(desk, 'Connected').waitFor({ timeout: 40_000 });
  await bodo.frame.getByText('Fresh for Bodo.').waitFor();
  await bubble(desk, 'Stop, I found it!').waitFor();
  await bubble(desk, 'Stale for Anke.').getByText('not sent', { exact: true }).waitFor();
  const thread = desk.page.getByRole('region', { name: /^Thread with/ });
  await thread.getByText(/The customer wrote again before this arrived.*“Resolve” waits behind it/).waitFor();
  await thread.getByRole('button', { name: 'Edit' }).waitFor();
  await thread.getByRole('button', { name: 'Discard…' }).waitFor();
  await pill(desk, '2 not sent').first().waitFor();
  await shot(desk.page, 'cuts-stale-1-refused');
  expect(await anke.lines.allTextContents()).toEqual(['I am Anke.', 'Hello Anke.', 'Stop, I found it!']);

  await thread.getByRole('button', { name: 'Send all 2 again' }).click();
  await anke.frame.getByText('Stale for Anke.').waitFor();
  await desk.page
    .getByRole('group', { name: /^Resolved lately/ })
    .getByText('Stale for Anke.')
    .waitFor();
  await desk.page.getByText('You resolved this: Question answered').waitFor();
  await pill(desk, /not sent|waiting/).waitFor({ state: 'detached' });
  await shot(desk.page, 'cuts-stale-2-again');
  const said = ['I am Anke.', 'Hello Anke.', 'Stop, I found it!', 'Stale for Anke.'];
  expect(await anke.lines.allTextContents()).toEqual(said);
  expect(await bubble(desk, 'Stale for Anke.').count()).toBe(1);
}, 120_000);

test('what was typed a second before the power went is there again', async () => {
  const stage = await startStage();
  const first = await stage.desk();
  await openRow(first, 'I was charged twice');
  const field = first.page.getByRole('textbox', { name: /^Reply to/ });
  await field.pressSequentially('Half a thought about invoice');
  // One second is the promise.
  await first.page.waitForTimeout(1_000);
  await stage.hub.kill9();
  await first.kill9();

  const desk = await stage.desk({ dir: first.dir });
  await rowWith(desk, 'Draft · Half a thought about invoice').click();
  await bubble(desk, 'I was charged twice').waitFor();
  const again = desk.page.getByRole('textbox', { name: /^Reply to/ });
  await expect.poll(() => again.inputValue(), patient).toBe('Half a thought about invoice');
  await shot(desk.page, 'cuts-draft');
}, 120_000);
