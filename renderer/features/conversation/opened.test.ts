import { expect, test } from 'vitest';
import { openCoreLine } from '#renderer/bridge/core-line.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { FakeCore } from '#tests/support/fake-core/core.ts';
import { fakeWorld } from '#tests/support/fake-core/data.ts';
import { fakeId } from '#tests/support/fake-core/rows.ts';
import { keptOpen, lookedAt } from './opened.ts';

test('of what was opened to look, the one looked at longest ago is given back', async () => {
  const clock = new FakeClock();
  const core = new FakeCore(fakeWorld(clock.now()), clock);
  const line = openCoreLine(core.desk(), clock);
  for (let i = 0; i < keptOpen; i += 1) lookedAt(line, fakeId(i), true);
  lookedAt(line, fakeId(0), false);
  lookedAt(line, fakeId(999), false);
  lookedAt(line, fakeId(keptOpen), true);
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
  expect(core.asked).toEqual([{ name: 'conversation.close', args: { conversationId: fakeId(1) } }]);
});
