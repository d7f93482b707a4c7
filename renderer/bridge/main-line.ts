import * as z from 'zod/mini';
import { type MainAnswers, type MainArguments, type MainEvents, mainCalls, mainEvents } from '#shared/ipc/main.ts';
import type { DeskApi, MainCallName, MainEventName } from '#shared/ipc/window-desk.ts';
import { deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';

/** The page's line to the main process: few calls, each answer parsed. */
export interface MainLine {
  call<N extends MainCallName>(name: N, args: MainArguments[N]): Promise<Result<MainAnswers[N]>>;
  on<N extends MainEventName>(name: N, listener: (payload: MainEvents[N]) => void): () => void;
}

/** Opens the line. */
export function openMainLine(api: Pick<DeskApi, 'main' | 'on'>): MainLine {
  return {
    async call(name, args) {
      try {
        const answer = await api.main[name](args);
        const parsed = z.safeParse(mainCalls[name].answer, answer);
        return parsed.success ? ok(answer) : fail(deskError('desk/bad-answer', { params: { what: name } }));
      } catch {
        return fail(deskError('desk/no-answer', { params: { what: name } }));
      }
    },
    on(name, listener) {
      return api.on(name, (payload) => {
        if (z.safeParse(mainEvents[name], payload).success) listener(payload);
      });
    },
  };
}
