import { createHash } from 'node:crypto';
import type { Link } from '#shared/wire/link.ts';
import type { SimRandom } from './sim-random.ts';
import type { SimTime } from './sim-time.ts';

type Packet = { readonly kind: 'message'; readonly body: unknown } | { readonly kind: 'closed'; readonly why: string };

/** How long a dead line goes unnoticed: ping interval and patience of both sides (ms). */
const noticeMs = 3_500;

/** One end of a wire: what its holder sees of it. */
class End {
  readonly inbox: Packet[] = [];
  take: ((message: unknown) => void) | null = null;
  gone: ((why: string) => void) | null = null;
  /** hears nothing any more: closed here, told of the close, or its process is dead */
  isOver = false;

  /** there is something to hear, and somebody listens by now */
  get hasNews(): boolean {
    return !this.isOver && this.inbox.length > 0 && this.take !== null && this.gone !== null;
  }
}

/** One connection between a client and a hub node. Each direction is a queue: in order, whole messages, then the close. */
export class Wire {
  /** who is at the ends, to cut by */
  readonly client: string;
  readonly node: string;
  readonly kind: string;
  private readonly ends = { client: new End(), node: new End() };
  /** nothing passes and nobody has noticed yet */
  isSwallowing = false;
  /** a slow line: nothing is delivered before this time */
  heldUntil = 0;
  private readonly net: SimNet;

  constructor(net: SimNet, client: string, node: string, kind: string) {
    this.net = net;
    this.client = client;
    this.node = node;
    this.kind = kind;
  }

  /** The view of one side. */
  link<Out>(side: 'client' | 'node'): Link<Out> {
    const mine = this.ends[side];
    const other = this.ends[side === 'client' ? 'node' : 'client'];
    return {
      send: (message) => {
        if (mine.isOver || this.isSwallowing) return;
        const body: unknown = structuredClone(message);
        this.net.heard(this, side, body);
        other.inbox.push({ kind: 'message', body });
      },
      close: () => {
        if (mine.isOver) return;
        mine.isOver = true;
        mine.inbox.length = 0;
        if (!this.isSwallowing) other.inbox.push({ kind: 'closed', why: 'transport close' });
      },
      onMessage: (take) => {
        mine.take = take;
      },
      onClose: (gone) => {
        mine.gone = gone;
      },
    };
  }

  /** Which sides have something to hear now. */
  pending(at: number): ('client' | 'node')[] {
    if (this.heldUntil > at) return [];
    return (['client', 'node'] as const).filter((side) => this.ends[side].hasNews);
  }

  get isDead(): boolean {
    return this.ends.client.isOver && this.ends.node.isOver;
  }

  /** Lets one side hear the next thing. */
  deliver(side: 'client' | 'node'): void {
    const end = this.ends[side];
    const packet = end.inbox.shift();
    if (!packet || end.isOver) return;
    if (packet.kind === 'message') {
      end.take?.(packet.body);
      return;
    }
    end.isOver = true;
    end.inbox.length = 0;
    end.gone?.(packet.why);
  }

  /** The line breaks: of what is under way a part still arrives, then both sides hear of it. */
  cut(random: SimRandom): void {
    for (const end of [this.ends.client, this.ends.node]) {
      if (end.isOver) continue;
      if (end.inbox.at(-1)?.kind === 'closed') continue;
      end.inbox.length = random.below(end.inbox.length + 1);
      end.inbox.push({ kind: 'closed', why: 'transport close' });
    }
  }

  /** Bytes are swallowed from now on; each side hears of it when its pings go unanswered. */
  swallow(): void {
    this.isSwallowing = true;
    for (const end of [this.ends.client, this.ends.node]) end.inbox.length = 0;
  }

  /** The client has left without the hub noticing: what it said before is still on its way, and arrives after `until`. */
  ghost(until: number): void {
    const { client, node } = this.ends;
    if (client.isOver || node.isOver) return;
    this.heldUntil = until;
    client.inbox.length = 0;
    client.isOver = true;
    client.gone?.('transport close');
    node.inbox.push({ kind: 'closed', why: 'ping timeout' });
  }

  /** Swallowed long enough: both sides give up. */
  noticed(): void {
    for (const end of [this.ends.client, this.ends.node]) {
      if (!end.isOver) end.inbox.push({ kind: 'closed', why: 'ping timeout' });
    }
  }

  /** The process at one end is gone: it hears nothing more; the other side gets a part of what was under way, then the close. */
  died(side: 'client' | 'node', random: SimRandom): void {
    const end = this.ends[side];
    const other = this.ends[side === 'client' ? 'node' : 'client'];
    if (end.isOver) return;
    end.isOver = true;
    end.inbox.length = 0;
    if (other.isOver || this.isSwallowing || other.inbox.at(-1)?.kind === 'closed') return;
    other.inbox.length = random.below(other.inbox.length + 1);
    other.inbox.push({ kind: 'closed', why: 'transport close' });
  }
}

/** Everything that is under way between clients and hub nodes. Nothing arrives by itself: the world says what comes next. */
export class SimNet {
  private wires: Wire[] = [];
  private sum = 0n;
  /** told of every message as it is sent; for who watches the wire */
  onHeard: (wire: Wire, from: 'client' | 'node', body: unknown) => void = () => undefined;
  private readonly time: SimTime;

  constructor(time: SimTime) {
    this.time = time;
  }

  connect(client: string, node: string, kind: string): Wire {
    const wire = new Wire(this, client, node, kind);
    this.wires.push(wire);
    return wire;
  }

  /** A sign of everything said so far. What is said at once on different wires may come in any order and gives the same sign. */
  get trace(): string {
    return this.sum.toString(16);
  }

  /** @internal */
  heard(wire: Wire, from: 'client' | 'node', body: unknown): void {
    const said = `${wire.client} ${wire.node} ${from} ${JSON.stringify(body)}`;
    this.sum = (this.sum + BigInt(`0x${createHash('sha256').update(said).digest('hex').slice(0, 15)}`)) % (1n << 64n);
    this.onHeard(wire, from, body);
  }

  /** Delivers one thing, whichever chance picks; false when nothing is under way. */
  deliverOne(random: SimRandom): boolean {
    this.wires = this.wires.filter((w) => !w.isDead);
    const open = this.wires.flatMap((wire) => wire.pending(this.time.at).map((side) => ({ wire, side })));
    const next = random.pick(open);
    if (!next) return false;
    next.wire.deliver(next.side);
    return true;
  }

  get isIdle(): boolean {
    return this.wires.every((w) => w.isDead || w.pending(Number.MAX_SAFE_INTEGER).length === 0);
  }

  /** The wires of a client, open at either end; also those it has left and the hub does not know of yet. */
  of(client: string): Wire[] {
    return this.wires.filter((w) => w.client === client && !w.isDead);
  }

  to(node: string): Wire[] {
    return this.wires.filter((w) => w.node === node && !w.isDead);
  }

  swallow(wire: Wire): void {
    if (wire.isSwallowing) return;
    wire.swallow();
    this.time.clock().setTimeout(() => wire.noticed(), noticeMs);
  }
}
