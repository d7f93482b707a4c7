import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import { type Clock, every } from '#shared/lib/time.ts';

/** The time on screen: moves once a second for all who show it, so that clocks tick together. */
export interface NowSource {
  /** Epoch milliseconds of the last tick. */
  get(): number;
  subscribe(changed: () => void): () => void;
}

/** A source that ticks once a second on a clock; `offsetMs` is hub time minus this computer's. */
export function tickingNow(clock: Clock, offsetMs = 0): NowSource & { start(): () => void } {
  const listeners = new Set<() => void>();
  let at = clock.now() + offsetMs;
  const tick = (): void => {
    at = clock.now() + offsetMs;
    for (const listener of listeners) listener();
  };
  return {
    get: () => at,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    start() {
      tick();
      const timer = every(clock, 1000, tick);
      return () => timer.cancel();
    },
  };
}

const still: NowSource = { get: () => 0, subscribe: () => () => {} };
const NowContext = createContext<NowSource>(still);

/** Gives the screen its time. Pass the app's clock; `offsetMs` corrects a computer whose clock is wrong. */
export function NowProvider({
  clock,
  offsetMs = 0,
  children,
}: {
  clock: Clock;
  offsetMs?: number;
  children: ReactNode;
}) {
  const source = useMemo(() => tickingNow(clock, offsetMs), [clock, offsetMs]);
  useEffect(() => source.start(), [source]);
  return <NowContext value={source}>{children}</NowContext>;
}

/** What `pick` makes of the time now. Renders again only when that changes, so an age in minutes costs one render a minute. */
export function useNow<T extends string | number | boolean>(pick: (now: number) => T): T {
  const source = useContext(NowContext);
  return useSyncExternalStore(source.subscribe, () => pick(source.get()));
}
