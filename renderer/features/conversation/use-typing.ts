import { useEffect, useMemo } from 'react';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import type { Clock, Timer } from '#shared/lib/time.ts';
import type { ConversationActions } from './actions.ts';

/** How long after the last key the customer is told that typing stopped, and how often the sign is renewed (ms). */
export const typingPauseMs = 3000;

/** Tells the customer that someone types: at the first key, renewed while it goes on, ended by a pause. */
export function typingSigns(clock: Clock, tell: (isTyping: boolean) => void): { key(): void; stop(): void } {
  let toldAt: number | null = null;
  let pause: Timer | null = null;
  const stop = (): void => {
    pause?.cancel();
    pause = null;
    if (toldAt !== null) tell(false);
    toldAt = null;
  };
  return {
    key() {
      pause?.cancel();
      pause = clock.setTimeout(stop, typingPauseMs);
      if (toldAt !== null && clock.monotonic() - toldAt < typingPauseMs) return;
      toldAt = clock.monotonic();
      tell(true);
    },
    stop,
  };
}

/** The signs for one conversation; they stop when it leaves the screen. */
export function useTypingSigns(actions: ConversationActions): { key(): void; stop(): void } {
  const { clock } = useBridge();
  const signs = useMemo(() => typingSigns(clock, actions.typing), [clock, actions]);
  useEffect(() => signs.stop, [signs]);
  return signs;
}
