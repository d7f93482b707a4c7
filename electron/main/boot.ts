/**
 * One named step of the start. A promise is waited for; the answer `stop` ends the start without an error
 * (another desk already runs, for example), any other answer goes on.
 */
export type BootStep = { readonly name: string; run(): unknown };

export type BootResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped'; readonly at: string }
  | { readonly kind: 'failed'; readonly at: string; readonly error: unknown };

/**
 * Runs the steps in their order and stops at the first that fails or says so.
 * Steps that answer no promise run in the very tick of the call, because Electron takes some settings
 * (the app:// scheme, the sandbox) only before the main file has been evaluated.
 * @param tell hears each finished step with its duration in milliseconds
 */
export async function boot(
  steps: readonly BootStep[],
  monotonic: () => number,
  tell: (name: string, ms: number) => void,
): Promise<BootResult> {
  for (const step of steps) {
    const startedAt = monotonic();
    try {
      const answer = step.run();
      const outcome = answer instanceof Promise ? await answer : answer;
      tell(step.name, monotonic() - startedAt);
      if (outcome === 'stop') return { kind: 'stopped', at: step.name };
    } catch (error) {
      return { kind: 'failed', at: step.name, error };
    }
  }
  return { kind: 'done' };
}
