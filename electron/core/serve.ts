import * as z from 'zod/mini';
import { type FromCore, toCoreSchema } from '#shared/ipc/core.ts';
import { longestCoreMessage } from '#shared/ipc/window-desk.ts';
import { type AppError, badInput, deskError } from '#shared/lib/errors.ts';
import { assertNever, type Result } from '#shared/lib/result.ts';
import type { Core } from './core.ts';
import type { Log } from './sync/desk-sync-parts.ts';

/** One page's line to the core, whatever carries it. */
export interface PagePort {
  post(message: FromCore): void;
  onMessage(take: (message: unknown) => void): void;
  onClose(take: () => void): void;
}

const withId = z.object({ id: z.int() });

/** The answer to a request: exactly one for each id. */
function answer(id: number, result: Result<unknown>): FromCore {
  return result.ok
    ? { op: 'answer', id, ok: true, value: result.value }
    : { op: 'answer', id, ok: false, error: result.error };
}

/** Length of a message as JSON text; Infinity for what is no JSON. */
function lengthOf(message: unknown): number {
  try {
    return (JSON.stringify(message) ?? '').length;
  } catch {
    return Infinity;
  }
}

/** Answers a page's requests and tells it what changed. Whatever comes in is looked at first; nothing a page sends can end the core. */
export function servePage(core: Core, port: PagePort, log: Log): void {
  const stop = core.onEvent((event) => port.post(event));
  port.onClose(stop);

  const refuse = (raw: unknown, error: AppError): void => {
    log('warn', 'a page sent what is no request', {
      code: error.code,
      why: String(error.params?.['why'] ?? '').slice(0, 100),
    });
    const named = z.safeParse(withId, raw);
    if (named.success) port.post(answer(named.data.id, { ok: false, error }));
  };

  const failed = (id: number, op: string, thrown: unknown): void => {
    // A defect of ours: told and logged by its kind only, because a thrown text may carry what a person wrote.
    log('error', 'a request failed', {
      op,
      kind: thrown instanceof Error ? thrown.name : typeof thrown,
      where: placeOf(thrown),
    });
    port.post(answer(id, { ok: false, error: deskError('session/broken', { retry: 'later' }) }));
  };

  port.onMessage((raw) => {
    if (lengthOf(raw) > longestCoreMessage) return refuse(raw, deskError('session/too-large'));
    const parsed = z.safeParse(toCoreSchema, raw);
    if (!parsed.success) return refuse(raw, badInput('session/bad-input', parsed.error, 'desk'));
    const request = parsed.data;
    try {
      switch (request.op) {
        case 'query':
          return port.post(answer(request.id, core.query(request.name, request.args)));
        case 'command':
          return port.post(
            answer(request.id, core.command(request.kind, request.args, request.basis, request.commandId)),
          );
        case 'call':
          core.call(request.name, request.args).then(
            (result) => port.post(answer(request.id, result)),
            (thrown: unknown) => failed(request.id, request.name, thrown),
          );
          return;
        default:
          return assertNever(request);
      }
    } catch (thrown) {
      failed(request.id, request.op, thrown);
    }
  });
}

/** The first place of ours in a stack: file and line, nothing else. */
function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  return (/([\w-]+\.(?:ts|js|mjs)):(\d+)/.exec(thrown.stack ?? '') ?? [''])[0];
}
