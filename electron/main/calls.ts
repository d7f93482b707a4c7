import type { IpcMain, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import * as z from 'zod/mini';
import { type MainAnswers, type MainArguments, mainCalls } from '#shared/ipc/main.ts';
import { channels, type MainCallName, mainCallNames } from '#shared/ipc/window-desk.ts';
import { errorText, type Log } from './log.ts';

export type MainHandlers = {
  [N in MainCallName]: (args: MainArguments[N]) => MainAnswers[N] | Promise<MainAnswers[N]>;
};

/**
 * Whether a message may be heard: only from the top frame of a window that shows our own page.
 * `origin` of the frame itself, not of its address: an address of app:// parses to the origin `null`.
 */
export function isOurPage(frame: WebFrameMain | null, origins: readonly string[]): boolean {
  return frame !== null && frame.parent === null && origins.includes(frame.origin);
}

/**
 * Registers every call of the main contract. A call from a wrong sender or with arguments of a wrong form is refused
 * with an error that names the call only, and logged; the handler does not see it.
 */
export function serveCalls(
  ipc: IpcMain,
  handlers: MainHandlers,
  isTrusted: (frame: WebFrameMain | null) => boolean,
  log: Log,
): void {
  const register = <N extends MainCallName>(name: N): void => {
    ipc.handle(channels.call(name), async (event: IpcMainInvokeEvent, raw: unknown) => {
      if (!isTrusted(event.senderFrame)) {
        log('warn', 'call refused', { call: name, why: 'sender' });
        throw new Error(`${name}: refused`);
      }
      const contract = mainCalls[name];
      const args = z.safeParse(contract.args, raw);
      if (!args.success) {
        log('warn', 'call refused', { call: name, why: 'arguments' });
        throw new Error(`${name}: bad arguments`);
      }
      try {
        return z.parse(contract.answer, await handlers[name](args.data as MainArguments[N]));
      } catch (error) {
        log('error', 'call failed', { call: name, error: errorText(error) });
        throw new Error(`${name}: failed`);
      }
    });
  };
  for (const name of mainCallNames) register(name);
}
