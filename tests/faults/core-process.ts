import { createCore } from '#core/core.ts';
import { fetchHttp } from '#core/session/hub-http.ts';
import { slices } from '#core/slices.ts';
import { connectSocket } from '#core/sync/socket.ts';
import { secureRandom } from '#shared/lib/ids.ts';
import { type Clock, systemClock } from '#shared/lib/time.ts';
import type { CoreAnswer, CoreQuestion } from './real-desk.ts';
import { coreAttention, coreLink, coreThread, coreView } from './sim-hands.ts';

/**
 * One desk's core as a process of its own, over real sockets: `node core-process.ts FOLDER NAME`, spoken to over Node's own
 * channel between processes. Made to be killed.
 */
const [dir = '', name = ''] = process.argv.slice(2);
let wrongBy = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + wrongBy };
const core = createCore({
  dir,
  build: 'faults',
  label: name,
  slices,
  clock,
  random: secureRandom,
  connect: connectSocket,
  http: fetchHttp(clock),
  log: () => undefined,
  secret: () => Promise.resolve({ kind: 'none' }),
  secretForgotten: () => undefined,
  demoHub: null,
  cost: { memoryKib: 8_192, passes: 1 },
});

async function answer(question: CoreQuestion): Promise<unknown> {
  switch (question.ask) {
    case 'link':
      return coreLink(core);
    case 'waiting':
      return core.desk?.status().waiting ?? 0;
    case 'view':
      return coreView(core);
    case 'attention':
      return coreAttention(core);
    case 'thread':
      return coreThread(core, question.conversationId);
    case 'command':
      return core.command(question.kind, question.args, question.basis);
    case 'call':
      return core.call(question.name, question.args);
    case 'wrongBy':
      wrongBy = question.ms;
      return null;
  }
}

process.on('message', (question: CoreQuestion) => {
  answer(question).then(
    (value) => process.send?.({ id: question.id, value } satisfies CoreAnswer),
    (error: unknown) => process.send?.({ id: question.id, error: String(error) } satisfies CoreAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, value: 'ready' } satisfies CoreAnswer);
