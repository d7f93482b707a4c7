import { expect, test, vi } from 'vitest';
import * as conversationCalls from '#shared/conversation/calls.ts';
import * as conversationCommands from '#shared/conversation/commands.ts';
import * as conversationQueries from '#shared/conversation/queries.ts';
import type { CoreLineState, CoreMessage } from '#shared/ipc/window-desk.ts';
import { FakeClock } from '#shared/lib/time.ts';
import * as sessionQueries from '#shared/session/queries.ts';
import { FakeCore } from '#tests/support/fake-core/core.ts';
import { fakeWorld } from '#tests/support/fake-core/data.ts';
import { talks } from '#tests/support/fake-core/scene.ts';
import { answerWithin, openCoreLine } from './core-line.ts';

const none = {};

function bare() {
  const clock = new FakeClock();
  const posted: CoreMessage[] = [];
  let say: (message: CoreMessage) => void = () => {};
  let state: (state: CoreLineState) => void = () => {};
  const line = openCoreLine(
    {
      connectCore: (onMessage, onState) => {
        say = onMessage;
        state = onState;
        return { post: (message) => posted.push(message) };
      },
    },
    clock,
  );
  return { clock, posted, line, say: (m: CoreMessage) => say(m), state: (s: CoreLineState) => state(s) };
}

test('a query is answered with a value of the form its definition names', async () => {
  const clock = new FakeClock();
  const line = openCoreLine(new FakeCore(fakeWorld(clock.now()), clock).desk(), clock);
  const answer = await line.query(conversationQueries.head, { conversationId: talks.maya });
  expect(answer.ok && answer.value?.customerName).toBe('Maya Lindqvist');
});

test('a query nobody answers is refused in words after its time', async () => {
  const { clock, line } = bare();
  const answer = line.query(sessionQueries.stage, none);
  clock.advance(answerWithin.query);
  await expect(answer).resolves.toMatchObject({ ok: false, error: { code: 'desk/no-answer', retry: 'now' } });
});

test('an answer that is not of the agreed form is refused and named for the log', async () => {
  const { line, say, posted } = bare();
  const odd = vi.fn<(what: string) => void>();
  line.onOddity(odd);
  const answer = line.query(sessionQueries.stage, none);
  say({ op: 'answer', id: posted[0]?.['id'], ok: true, value: { stage: 'half-open' } });
  await expect(answer).resolves.toMatchObject({ ok: false, error: { code: 'desk/bad-answer' } });
  say({ op: 'gossip' });
  expect(odd).toHaveBeenCalledTimes(2);
});

test('when the core dies, reads and commands are offered to the next one under the same ids; a call is reported as unsure', async () => {
  const { line, state, say, posted } = bare();
  state('open');
  const query = line.query(sessionQueries.outbox, none);
  const command = line.command(conversationCommands.note, { conversationId: talks.maya, text: 'x' });
  const call = line.call(conversationCalls.open, { conversationId: talks.maya });
  expect(posted).toHaveLength(3);
  expect(posted[1]?.['commandId']).toMatch(/^[0-9a-f-]{36}$/);
  state('closed');
  await expect(call).resolves.toMatchObject({ ok: false, error: { code: 'desk/line-lost' } });
  state('open');
  expect(posted.slice(3)).toEqual(posted.slice(0, 2));
  say({ op: 'answer', id: posted[0]?.['id'], ok: true, value: { items: [] } });
  say({ op: 'answer', id: posted[1]?.['id'], ok: true, value: { n: 7, id: 'x' } });
  await expect(query).resolves.toEqual({ ok: true, value: { items: [] } });
  await expect(command).resolves.toEqual({ ok: true, value: { n: 7, id: 'x' } });
});

test('while the core is away a call is refused at once; reads and commands wait for it', async () => {
  const { line, state, posted } = bare();
  state('open');
  state('closed');
  await expect(line.call(conversationCalls.open, { conversationId: talks.maya })).resolves.toMatchObject({
    error: { code: 'desk/line-closed' },
  });
  void line.query(sessionQueries.outbox, none);
  void line.command(conversationCommands.note, { conversationId: talks.maya, text: 'x' });
  expect(posted).toHaveLength(0);
  state('open');
  expect(posted).toHaveLength(2);
});

test('a late answer to a request that was given up changes nothing', async () => {
  const { clock, line, say, posted } = bare();
  const answer = line.query(sessionQueries.outbox, none);
  clock.advance(answerWithin.query);
  say({ op: 'answer', id: posted[0]?.['id'], ok: true, value: { items: [] } });
  await expect(answer).resolves.toMatchObject({ ok: false });
});
