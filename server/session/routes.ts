import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod/mini';
import type { HubContext } from '#server/context.ts';
import { holdsNul } from '#server/db/text.ts';
import { type AppError, badInput, hubError } from '#shared/lib/errors.ts';
import { fail, type Result } from '#shared/lib/result.ts';
import { demoRequest, enrolRequest, passwordRequest, refreshRequest, signInRequest } from '#shared/wire/http.ts';
import { changePassword, enrol, refresh, signIn, signInDemo } from './sign-in.ts';

/** Which demo account signs in when none is named. */
export const demoEmail = 'ana@harbour-pine.example';

const statuses: Record<string, number> = {
  'session/wrong-code': 403,
  'session/wrong-password': 403,
  'session/not-enrolled': 403,
  'session/expired': 401,
  'session/bad-signature': 401,
  'session/no-demo': 404,
  'session/device-known': 409,
};

function answer(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  if (result.ok) return reply.send(result.value);
  return reply.code(statuses[result.error.code] ?? 400).send({ error: result.error });
}

/** The few HTTP calls a desk makes: enrolment, sign-in, refresh, password. Everything else goes over the socket. */
export function sessionRoutes(app: FastifyInstance, ctx: HubContext): void {
  const post = <A>(
    path: string,
    schema: z.ZodMiniType<A>,
    perMinute: number,
    work: (body: A, bearer: string) => Promise<Result<unknown>>,
  ): void => {
    app.post(path, { config: { rateLimit: { max: perMinute, timeWindow: 60_000 } } }, async (request, reply) => {
      const body = z.safeParse(schema, request.body);
      if (!body.success) return answer(reply, { ok: false, error: badInput('session/bad-input', body.error, 'hub') });
      if (holdsNul(body.data))
        return answer(reply, fail(hubError('session/bad-input', { params: { why: 'a NUL character' } })));
      const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      try {
        return await answer(reply, await work(body.data, bearer));
      } catch (error) {
        ctx.log.error({ path, error: String(error) }, 'a call could not be answered');
        const failed: AppError = hubError('session/failed', { retry: 'later' });
        return reply.code(503).send({ error: failed });
      }
    });
  };
  post('/v1/enrol', enrolRequest, 20, (body) => enrol(ctx, body));
  post('/v1/sign-in', signInRequest, 30, (body) => signIn(ctx, body));
  post('/v1/refresh', refreshRequest, 240, (body) => refresh(ctx, body));
  post('/v1/password', passwordRequest, 20, (body, bearer) => changePassword(ctx, bearer, body));
  post('/v1/demo', demoRequest, 240, (body) => signInDemo(ctx, body, demoEmail));
}
