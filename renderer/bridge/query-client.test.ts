import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import * as conversationQueries from '#shared/conversation/queries.ts';
import type { CoreMessage } from '#shared/ipc/window-desk.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { talks } from '#tests/support/fake-core/scene.ts';
import { openCoreLine } from './core-line.ts';
import { createQueryClient, deskQuery } from './query-client.ts';

function desk() {
  const posted: CoreMessage[] = [];
  let say: (message: CoreMessage) => void = () => {};
  let state: (state: 'open' | 'closed') => void = () => {};
  const line = openCoreLine(
    {
      connectCore: (onMessage, onState) => {
        say = onMessage;
        state = onState;
        return { post: (message) => posted.push(message) };
      },
    },
    new FakeClock(),
  );
  state('open');
  const client = createQueryClient(line);
  const thread = (conversationId: string) =>
    deskQuery(line, conversationQueries.thread, { conversationId, before: null, limit: 50 });
  const answer = (at: number, value: unknown = { items: [], isHeld: true, hasEarlier: false }): void =>
    say({ op: 'answer', id: posted[at]?.['id'], ok: true, value });
  const settled = () => vi.waitFor(() => expect(client.isFetching()).toBe(0));
  return {
    client,
    posted,
    thread,
    answer,
    say: (m: CoreMessage) => say(m),
    state: (s: 'open' | 'closed') => state(s),
    settled,
  };
}

test('a change makes exactly the mounted queries that rest on it be read again', async () => {
  const { client, posted, thread, answer, say, settled } = desk();
  const stops = [talks.maya, talks.priya].map((id) => new QueryObserver(client, thread(id)).subscribe(() => {}));
  expect(posted).toHaveLength(2);
  answer(0);
  answer(1);
  await settled();
  say({ op: 'changed', changes: [{ entity: 'message', scope: scopeOf.publicOf(talks.priya) }] });
  expect(posted).toHaveLength(3);
  expect(posted[2]).toMatchObject({ args: { conversationId: talks.priya } });
  for (const stop of stops) stop();
});

test('a query nobody shows is only marked, and read when it is shown again', async () => {
  const { client, posted, thread, answer, say, settled } = desk();
  const stop = new QueryObserver(client, thread(talks.maya)).subscribe(() => {});
  answer(0);
  await settled();
  stop();
  say({ op: 'changed', changes: [{ entity: 'message', scope: scopeOf.publicOf(talks.maya) }] });
  expect(posted).toHaveLength(1);
  const again = new QueryObserver(client, thread(talks.maya)).subscribe(() => {});
  expect(posted).toHaveLength(2);
  again();
});

test('a change during a read lets the read finish and reads once more', async () => {
  const { client, posted, thread, answer, say } = desk();
  const stop = new QueryObserver(client, thread(talks.maya)).subscribe(() => {});
  for (let i = 0; i < 5; i += 1)
    say({ op: 'changed', changes: [{ entity: 'note', scope: scopeOf.conversation(talks.maya) }] });
  expect(posted).toHaveLength(1);
  answer(0, { items: [], isHeld: false, hasEarlier: false });
  await vi.waitFor(() => expect(posted).toHaveLength(2));
  expect(client.getQueryData(thread(talks.maya).queryKey)).toMatchObject({ isHeld: false });
  answer(1, { items: [], isHeld: true, hasEarlier: false });
  await vi.waitFor(() => expect(client.getQueryData(thread(talks.maya).queryKey)).toMatchObject({ isHeld: true }));
  expect(posted).toHaveLength(2);
  stop();
});

test('a change during the read of a warmed query makes its next showing read again', async () => {
  const { client, posted, thread, answer, say } = desk();
  const warmed = client.prefetchQuery(thread(talks.maya));
  say({ op: 'changed', changes: [{ entity: 'message', scope: scopeOf.publicOf(talks.maya) }] });
  answer(0);
  await warmed;
  const stop = new QueryObserver(client, thread(talks.maya)).subscribe(() => {});
  await vi.waitFor(() => expect(posted).toHaveLength(2));
  stop();
});

test('after the core came back everything on screen is read again', async () => {
  const { client, posted, thread, answer, state, settled } = desk();
  state('open');
  const stop = new QueryObserver(client, thread(talks.maya)).subscribe(() => {});
  answer(0);
  await settled();
  state('closed');
  state('open');
  expect(posted).toHaveLength(2);
  stop();
});

test('of a scope that came or went nothing that was read is kept for later', async () => {
  const { client, posted, thread, answer, say, settled } = desk();
  const stops = [talks.maya, talks.priya].map((id) => new QueryObserver(client, thread(id)).subscribe(() => {}));
  answer(0);
  answer(1);
  await settled();
  for (const stop of stops) stop();
  const scope = scopeOf.publicOf(talks.maya);
  say({
    op: 'changed',
    changes: [
      { entity: 'message', scope },
      { entity: 'local.scope', scope },
    ],
  });
  expect(client.getQueryData(thread(talks.maya).queryKey)).toBeUndefined();
  expect(client.getQueryData(thread(talks.priya).queryKey)).toBeDefined();
  expect(posted).toHaveLength(2);
});
