import * as z from 'zod/mini';
import { type AppError, appErrorSchema, deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';

export interface HttpRequest {
  /** origin of the hub */
  readonly address: string;
  readonly path: string;
  readonly body: unknown;
  readonly bearer: string | null;
}

/** Posts JSON to a hub; null = no answer. The body is JSON, not looked at yet. */
export type Http = (request: HttpRequest) => Promise<{ readonly status: number; readonly body: unknown } | null>;

/** How long a hub may take to answer (ms). */
const patienceMs = 10_000;
const largestAnswer = 256 * 1024;

const refusal = z.object({ error: appErrorSchema });

/**
 * Asks a hub over HTTP and parses its answer. Errors: the hub's own, `session/hub-unreachable`, `session/not-a-hub` (something else
 * answers there), `session/busy` (too many attempts).
 */
export async function askHub<A>(http: Http, request: HttpRequest, answer: z.ZodMiniType<A>): Promise<Result<A>> {
  const got = await http(request);
  if (got === null) return fail(unreachable());
  if (got.status >= 200 && got.status < 300) {
    const parsed = z.safeParse(answer, got.body);
    return parsed.success ? ok(parsed.data) : fail(deskError('session/not-a-hub', { field: 'address' }));
  }
  const refused = z.safeParse(refusal, got.body);
  if (refused.success) return fail(refused.data.error);
  if (got.status === 429 || got.status === 503) return fail(deskError('session/busy', { retry: 'later' }));
  return fail(deskError('session/not-a-hub', { field: 'address' }));
}

/** No answer from the hub. */
export function unreachable(): AppError {
  return deskError('session/hub-unreachable', { retry: 'later' });
}

/** Posts with the platform's fetch. Redirects are not followed: a token goes where it belongs or nowhere. */
export function fetchHttp(clock: Clock): Http {
  return async ({ address, path, body, bearer }) => {
    const stop = new AbortController();
    const timer = clock.setTimeout(() => stop.abort(), patienceMs);
    try {
      const response = await fetch(`${address}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: stop.signal,
      });
      const text = await response.text();
      return { status: response.status, body: text.length > largestAnswer ? null : jsonOf(text) };
    } catch {
      return null;
    } finally {
      timer.cancel();
    }
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
