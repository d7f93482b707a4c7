import type { Change } from '#shared/lib/query.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';

/** How often the screen is told while the desk is catching up, and while it is live (ms). */
export const catchingUpEvery = 250;
export const frameMs = 16;
/** More rows of one entity in one scope than this are told as "anything of it". */
const idsToldOneByOne = 40;

/** What has changed and was not told yet: by entity and scope the ids, or null for "anything of it". */
export interface FeedState {
  readonly pending: ReadonlyMap<string, { readonly change: Change; readonly ids: ReadonlySet<string> | null }>;
  /** when it was told last (monotonic ms); null = never */
  readonly toldAt: number | null;
  /** inside a commit that is not all here yet: nothing is told until it is */
  readonly isInside: boolean;
  readonly isCatchingUp: boolean;
}

export const quietFeed: FeedState = { pending: new Map(), toldAt: null, isInside: false, isCatchingUp: false };

/** Adds what changed; the same key again changes nothing. */
export function withChanges(state: FeedState, changes: readonly Change[]): FeedState {
  const pending = new Map(state.pending);
  for (const { entity, scope, id } of changes) {
    const key = `${entity} ${scope ?? ''}`;
    const known = pending.get(key);
    if (known && known.ids === null) continue;
    const whole: Change = scope === undefined ? { entity } : { entity, scope };
    const ids = id === undefined ? null : new Set([...(known?.ids ?? []), id]);
    pending.set(key, { change: whole, ids: ids && ids.size > idsToldOneByOne ? null : ids });
  }
  return { ...state, pending };
}

/** How long until the screen is to be told (ms); null = nothing to tell, or not yet allowed to. */
export function dueIn(state: FeedState, now: number): number | null {
  if (state.pending.size === 0 || state.isInside) return null;
  if (!state.isCatchingUp) return frameMs;
  return state.toldAt === null ? 0 : Math.max(0, state.toldAt + catchingUpEvery - now);
}

/** Takes out what is to be told. */
export function told(state: FeedState, now: number): { state: FeedState; changes: Change[] } {
  const changes = [...state.pending.values()].flatMap(({ change, ids }) =>
    ids === null ? [change] : [...ids].map((id) => ({ ...change, id })),
  );
  return { state: { ...state, pending: new Map(), toldAt: now }, changes };
}

/** Tells listeners what changed: once per frame and key while live, at most every 250 ms while catching up. */
export class ChangeFeed {
  private readonly clock: Clock;
  private readonly tell: (changes: readonly Change[]) => void;
  private state: FeedState = quietFeed;
  private timer: Timer | null = null;

  constructor(clock: Clock, tell: (changes: readonly Change[]) => void) {
    this.clock = clock;
    this.tell = tell;
  }

  add(...changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.state = withChanges(this.state, changes);
    this.arm();
  }

  /** `isInside`: the rows so far end inside a commit. */
  setPace(pace: { isInside?: boolean; isCatchingUp?: boolean }): void {
    const wasSlow = this.state.isCatchingUp;
    this.state = { ...this.state, ...pace };
    if (wasSlow && !this.state.isCatchingUp) this.stop();
    this.arm();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private arm(): void {
    if (this.timer) return;
    const ms = dueIn(this.state, this.clock.monotonic());
    if (ms === null) return;
    this.timer = this.clock.setTimeout(() => {
      this.timer = null;
      if (dueIn(this.state, this.clock.monotonic()) === null) return;
      const { state, changes } = told(this.state, this.clock.monotonic());
      this.state = state;
      this.tell(changes);
    }, ms);
  }
}
