import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import * as z from 'zod/mini';
import type { Id } from '#shared/lib/ids.ts';
import { delay, systemClock } from '#shared/lib/time.ts';
import { downSchema, type Outcome } from '#shared/wire/messages.ts';
import { type Bench, median, percentile, short, takeTurns } from './bench.ts';
import { type BenchDesk, makeDesk } from './bench-desk.ts';
import { benchPassword, startBenchHub } from './bench-hub.ts';

const rounds = 7;
const perRound = 120;
/** Between two commands, on both sides: nobody writes the next reply in the same millisecond. */
const pauseMs = 4;
const email = 'ana@example.org';
const text = 'I have found your parcel: it is at the depot and leaves today at six.';

/** When what happened to one command (ms of `performance.now`). */
interface Times {
  start: number;
  sent: number;
  arrived: number;
  settled: number;
}

/** A real core whose commands can be followed one at a time. */
class Follower {
  readonly desk: BenchDesk;
  /** the last command and its outcome, as they went over the wire */
  sample: { command: unknown; outcome: unknown } = { command: null, outcome: null };
  private times: Times | null = null;
  private settled: (outcome: Outcome) => void = () => undefined;
  private seq = 0;
  private waitFor = Number.POSITIVE_INFINITY;
  private quiet: () => void = () => undefined;

  constructor(hub: Parameters<typeof makeDesk>[0]) {
    this.desk = makeDesk(hub, {
      up: (message) => {
        if (message.t === 'pageDone') this.confirmed(message.upTo.seq);
        if (message.t !== 'command') return;
        this.sample.command = message;
        if (this.times) this.times.sent = performance.now();
      },
      down: (raw, taken) => {
        const at = performance.now();
        taken();
        const after = performance.now();
        const parsed = z.safeParse(downSchema, raw);
        if (!parsed.success || parsed.data.t !== 'outcome') return;
        this.sample.outcome = raw;
        if (this.times) Object.assign(this.times, { arrived: at, settled: after });
        this.settled(parsed.data.outcome);
      },
    });
    // A window is open: the core works in slices and tells of changes, as it does in the product.
    this.desk.core.onEvent(() => undefined);
  }

  /** Writes a command and waits for its outcome, then until the desk has confirmed the page that carries its rows. */
  async follow(kind: string, args: unknown): Promise<Times> {
    const times: Times = { start: 0, sent: 0, arrived: 0, settled: 0 };
    const outcome = new Promise<Outcome>((done) => {
      this.settled = done;
    });
    this.times = times;
    times.start = performance.now();
    const written = this.desk.core.command(kind, args, {});
    if (!written.ok) throw new Error(`${kind}: ${written.error.code}`);
    const { status, error, seq } = await outcome;
    this.times = null;
    if (status !== 'done') throw new Error(`${kind} was ${status}: ${error?.code}`);
    await this.page(seq);
    return times;
  }

  private page(seq: number): Promise<void> {
    if (this.seq >= seq) return Promise.resolve();
    this.waitFor = seq;
    return new Promise((done) => {
      this.quiet = done;
    });
  }

  private confirmed(seq: number): void {
    this.seq = seq;
    if (seq >= this.waitFor) this.quiet();
  }
}

/** Socket.io in a process of its own that answers at once, with as many bytes as the hub. */
async function startEcho(answer: unknown): Promise<{ socket: Socket; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'echo-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const socket = io(`http://127.0.0.1:${port.toString().trim()}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  await new Promise<void>((done) => void socket.once('connect', done));
  await socket.emitWithAck('answer', answer);
  return {
    socket,
    stop() {
      socket.close();
      child.kill('SIGKILL');
    },
  };
}

async function oursOnce(follower: Follower, conversationId: Id): Promise<Times[]> {
  const all: Times[] = [];
  for (let i = 0; i < perRound; i += 1) {
    all.push(await follower.follow('conversation.reply', { conversationId, text }));
    await delay(systemClock, pauseMs);
  }
  return all;
}

async function bareOnce(socket: Socket, message: unknown): Promise<Times[]> {
  const all: Times[] = [];
  for (let i = 0; i < perRound; i += 1) {
    const start = performance.now();
    await socket.emitWithAck('m', message);
    const end = performance.now();
    all.push({ start, sent: start, arrived: end, settled: end });
    await delay(systemClock, pauseMs);
  }
  return all;
}

const middle = (all: readonly Times[], from: keyof Times, to: keyof Times): number =>
  percentile(
    all.map((t) => t[to] - t[from]),
    0.5,
  );

/** How long a person's command takes to be decided, stored for good on both sides and answered. */
export const roundtrip: Bench = {
  divides:
    'p50 of a reply, from the call in the core until its outcome is back (stored with FULL sync, signed, sent, decided, committed, answered) / p50 of a bare socket.io acknowledgement of the same size',
  aim: { is: 'at most', ratio: 4 },
  async run() {
    let conversation: Id = '';
    const hub = await startBenchHub(async (world) => {
      await world.person('Ana', 'agent', [world.teams[0]], benchPassword);
      conversation = (await world.customerWrites(world.mint.next(), 'Where is my parcel?')).conversationId;
    });
    const follower = new Follower(hub);
    try {
      await follower.desk.signIn(email);
      // The head comes with the team's scope; before that the core knows of no such conversation.
      for (let i = 0; i < 200 && !isThere(follower, conversation); i += 1) await delay(systemClock, 50);
      await follower.follow('inbox.take', { conversationId: conversation });
      await oursOnce(follower, conversation);
      const echo = await startEcho(follower.sample.outcome);
      const turns = await takeTurns(
        {
          ours: () => oursOnce(follower, conversation),
          bare: () => bareOnce(echo.socket, follower.sample.command),
        },
        { rounds },
      );
      echo.stop();
      const ratios = turns.map((t) => middle(t.ours, 'start', 'arrived') / middle(t.bare, 'start', 'arrived'));
      const row = (name: string, of: 'ours' | 'bare', from: keyof Times, to: keyof Times): (string | number)[] => {
        const each = turns.map((t) => middle(t[of], from, to));
        return [name, ...each.map(short), short(median(each))];
      };
      return {
        ratio: median(ratios),
        table: [
          ['p50 in ms', ...turns.map((_, i) => `#${i + 1}`), 'median'],
          row('command to outcome', 'ours', 'start', 'arrived'),
          row('  stored, signed, sent', 'ours', 'start', 'sent'),
          row('  hub and way', 'ours', 'sent', 'arrived'),
          row('  outcome settled on disk', 'ours', 'arrived', 'settled'),
          row('bare acknowledgement', 'bare', 'start', 'arrived'),
          ['ratio', ...ratios.map(short), short(median(ratios))],
        ],
        notes: [
          `${perRound} commands one after the other a round, ${pauseMs} ms apart on both sides; core, hub, database and echo are processes of their own`,
          `a command is ${JSON.stringify(follower.sample.command).length} bytes, its outcome ${JSON.stringify(follower.sample.outcome).length}; the echo carries the same`,
          'settling the outcome on the desk’s disk comes after the end of the measured time and is shown apart',
        ],
      };
    } finally {
      follower.desk.close();
      await hub.close();
    }
  },
};

function isThere(follower: Follower, conversationId: Id): boolean {
  const head = follower.desk.core.query('conversation.head', { conversationId });
  return head.ok && head.value !== null;
}
