import { SimRandom } from '#tests/support/sim-random.ts';

/** How long the world goes on by itself after an action: at most so many events, at most so much time; `seed` decides which come first. */
export interface Course {
  readonly steps: number;
  readonly ms: number;
  readonly seed: number;
}

/**
 * One thing that happens. Numbers name desks, pages, people, conversations by their place among those there are (modulo),
 * so that an action makes sense also when others before it are left out.
 */
export type Deed =
  | { readonly do: 'write' | 'readAll' | 'reload'; readonly page: number }
  | {
      readonly do: 'take' | 'reply' | 'note' | 'resolve' | 'release' | 'seen' | 'open' | 'close';
      readonly desk: number;
      readonly at: number;
    }
  | { readonly do: 'move'; readonly desk: number; readonly at: number; readonly team: number }
  | { readonly do: 'sendAgain' | 'giveUp' | 'lock' | 'unlock'; readonly desk: number }
  | { readonly do: 'crashDesk' | 'losePower' | 'copyDisk' | 'putDiskBack'; readonly desk: number }
  | { readonly do: 'regroup'; readonly person: number; readonly teams: readonly number[] }
  | { readonly do: 'disable' | 'enable'; readonly person: number }
  | { readonly do: 'cut' | 'swallow' | 'ghost' | 'slow'; readonly client: number; readonly ms: number }
  | { readonly do: 'offline' | 'online'; readonly client: number }
  | {
      readonly do: 'crashHub';
      readonly node: number;
      readonly point: 'now' | 'command.decided' | 'page.read';
      readonly desk: number;
      readonly downMs: number;
    }
  | { readonly do: 'stopHub'; readonly node: number; readonly downMs: number }
  | { readonly do: 'holdPage'; readonly node: number; readonly desk: number; readonly ms: number }
  | { readonly do: 'throwOnce'; readonly node: number }
  | { readonly do: 'clock'; readonly client: number; readonly ms: number }
  | { readonly do: 'hubClock'; readonly node: number; readonly ms: number }
  | { readonly do: 'backUp' | 'restoreBackup' };

export type Action = Deed & { readonly then: Course };

/** A whole history: who takes part, and what happens in which order. */
export interface History {
  readonly seed: number;
  readonly nodes: number;
  readonly desks: number;
  readonly pages: number;
  readonly actions: readonly Action[];
  /** it ends when so many messages were written, and each of them must be delivered */
  readonly messages?: number;
}

export type DeedName = Deed['do'];

/** How often each thing happens, beside the others. */
export type Mix = Readonly<Partial<Record<DeedName, number>>>;

/** A day with everything going wrong now and then. */
export const everyday: Mix = {
  write: 26,
  readAll: 3,
  reload: 3,
  take: 10,
  reply: 22,
  note: 6,
  resolve: 4,
  release: 3,
  move: 4,
  seen: 3,
  open: 4,
  close: 2,
  sendAgain: 3,
  giveUp: 2,
  lock: 1.5,
  unlock: 1.5,
  crashDesk: 3,
  losePower: 1,
  copyDisk: 0.5,
  putDiskBack: 0.3,
  regroup: 3,
  disable: 0.7,
  enable: 1.2,
  cut: 4,
  swallow: 3,
  ghost: 4,
  slow: 3,
  offline: 3,
  online: 3,
  crashHub: 2.5,
  stopHub: 1,
  holdPage: 3,
  throwOnce: 0.7,
  clock: 1.5,
  hubClock: 0.5,
  backUp: 0.2,
  restoreBackup: 0.1,
};

/** Talk, and hard knocks to those who carry it: no rights change, so that every single message must arrive. */
export const traffic: Mix = {
  write: 40,
  reply: 40,
  take: 4,
  reload: 1.2,
  crashDesk: 1.2,
  cut: 2,
  swallow: 1,
  ghost: 2,
  slow: 1,
  offline: 1,
  online: 1.2,
  crashHub: 1.2,
  holdPage: 0.5,
};

/** Rights that come and go, under work, cuts and restarts. */
export const rights: Mix = {
  write: 14,
  take: 8,
  reply: 8,
  note: 4,
  resolve: 3,
  release: 4,
  move: 10,
  open: 8,
  close: 4,
  regroup: 10,
  disable: 2,
  enable: 3,
  crashDesk: 4,
  losePower: 1,
  lock: 1,
  unlock: 2,
  cut: 4,
  swallow: 2,
  ghost: 4,
  slow: 3,
  crashHub: 2,
  holdPage: 8,
};

function deed(name: DeedName, r: SimRandom): Deed {
  const many = (): number => r.below(1_000);
  switch (name) {
    case 'write':
    case 'readAll':
    case 'reload':
      return { do: name, page: many() };
    case 'take':
    case 'reply':
    case 'note':
    case 'resolve':
    case 'release':
    case 'seen':
    case 'open':
    case 'close':
      return { do: name, desk: many(), at: many() };
    case 'move':
      return { do: name, desk: many(), at: many(), team: many() };
    case 'sendAgain':
    case 'giveUp':
    case 'lock':
    case 'unlock':
    case 'crashDesk':
    case 'losePower':
    case 'copyDisk':
    case 'putDiskBack':
      return { do: name, desk: many() };
    case 'regroup':
      return { do: name, person: many(), teams: [0, 1, 2].filter(() => r.next() < 0.5) };
    case 'disable':
    case 'enable':
      return { do: name, person: many() };
    case 'cut':
    case 'swallow':
    case 'ghost':
    case 'slow':
      return { do: name, client: many(), ms: 100 + r.below(6_000) };
    case 'offline':
    case 'online':
      return { do: name, client: many() };
    case 'crashHub':
      return {
        do: name,
        node: many(),
        point: r.pick(['now', 'now', 'command.decided', 'page.read'] as const) ?? 'now',
        desk: many(),
        downMs: r.below(6_000),
      };
    case 'stopHub':
      return { do: name, node: many(), downMs: r.below(4_000) };
    case 'holdPage':
      return { do: name, node: many(), desk: many(), ms: 10 + r.below(4_000) };
    case 'throwOnce':
      return { do: name, node: many() };
    case 'clock':
      return { do: name, client: many(), ms: (r.below(2) ? 1 : -1) * r.below(3_600_000) };
    case 'hubClock':
      return { do: name, node: many(), ms: r.below(20_000) };
    case 'backUp':
    case 'restoreBackup':
      return { do: name };
  }
}

function course(random: SimRandom): Course {
  return {
    steps: random.below(random.below(4) === 0 ? 40 : 10),
    ms: random.below(random.below(5) === 0 ? 8_000 : 400),
    seed: random.fork(),
  };
}

/** Makes a history from a seed: the same seed gives the same one. */
export function historyOf(
  seed: number,
  size: { actions: number; nodes?: number; desks?: number; pages?: number; mix?: Mix },
): History {
  const random = new SimRandom(seed);
  const mix = (size.mix ?? everyday) as Readonly<Record<DeedName, number>>;
  const actions: Action[] = [];
  for (let i = 0; i < size.actions; i += 1) {
    actions.push({ ...deed(random.weighted(mix), random), then: course(random) });
  }
  // A past that comes back needs both its halves, with life in between.
  const pasts: (readonly [Deed, Deed])[] = [];
  if ((mix.restoreBackup ?? 0) > 0 && random.next() < 0.4) pasts.push([{ do: 'backUp' }, { do: 'restoreBackup' }]);
  const desk = random.below(1_000);
  if ((mix.putDiskBack ?? 0) > 0 && random.next() < 0.4)
    pasts.push([
      { do: 'copyDisk', desk },
      { do: 'putDiskBack', desk },
    ]);
  for (const [before, after] of pasts) {
    const half = Math.floor(actions.length / 2);
    actions.splice(half + random.below(half + 1), 0, { ...after, then: course(random) });
    actions.splice(random.below(half + 1), 0, { ...before, then: course(random) });
  }
  return { seed, nodes: size.nodes ?? 1 + random.below(2), desks: size.desks ?? 6, pages: size.pages ?? 3, actions };
}

/** One line per action, to be read by a person. */
export function tell(history: History): string {
  const lines = history.actions.map(({ then, ...rest }, i) => {
    const { do: name, ...facts } = rest;
    const told = Object.entries(facts).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
    return `${String(i + 1).padStart(4)} ${name} ${told.join(', ')} | ${then.steps} steps, ${then.ms} ms`;
  });
  return [
    `seed ${history.seed}: ${history.nodes} nodes, ${history.desks} desks, ${history.pages} pages`,
    ...lines,
  ].join('\n');
}
