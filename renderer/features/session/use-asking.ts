import { useState } from 'react';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import type { AppError } from '#shared/lib/errors.ts';
import type { CallDef } from '#shared/lib/query.ts';

/** One call under way at a time, with its refusal. */
export interface Asking<A, R> {
  readonly isAsking: boolean;
  readonly error: AppError | null;
  /** Answers the value, or null when it was refused (the reason is then in `error`). */
  ask(args: A): Promise<R | null>;
  clear(): void;
}

/** Asks for something now, once: while an answer is awaited nothing more is asked. */
export function useAsking<A, R>(def: CallDef<A, R>): Asking<A, R> {
  const { core } = useBridge();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  return {
    isAsking,
    error,
    clear: () => setError(null),
    async ask(args) {
      if (isAsking) return null;
      setAsking(true);
      setError(null);
      const answer = await core.call(def, args);
      setAsking(false);
      if (answer.ok) return answer.value;
      setError(answer.error);
      return null;
    },
  };
}
