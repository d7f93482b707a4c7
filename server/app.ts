import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Server } from 'socket.io';
import { sessionRoutes } from '#server/session/routes.ts';
import { hubError } from '#shared/lib/errors.ts';
import { largestMessage } from '#shared/wire/messages.ts';
import type { Config } from './config.ts';
import { sql } from './db/sql.ts';
import type { Hub } from './hub.ts';
import { serveDesks } from './socket/socket.ts';

/** A hub that listens. */
export interface App {
  /** where it is reached, e.g. http://127.0.0.1:7600 */
  readonly address: string;
  readonly server: FastifyInstance;
  readonly io: Server;
  close(): Promise<void>;
}

/** Opens the doors of a hub node: HTTP for sign-in and health, sockets for desks. `mount` adds the rooms that serve customers. */
export async function listen(
  hub: Hub,
  config: Config,
  mount: (server: FastifyInstance, io: Server) => Promise<void>,
): Promise<App> {
  const shared = {
    logger: false as const,
    bodyLimit: 256 * 1024,
    // One hop, our own proxy: what stands before its word in the header is whatever the caller claims.
    trustProxy: (_address: string, hop: number) => config.isBehindTlsProxy && hop === 0,
    forceCloseConnections: true as const,
    routerOptions: { maxParamLength: 200 },
  };
  const server: FastifyInstance = config.tls
    ? (Fastify({
        ...shared,
        https: { cert: readFileSync(config.tls.certFile), key: readFileSync(config.tls.keyFile) },
      }) as unknown as FastifyInstance)
    : Fastify(shared);
  await server.register(helmet, { contentSecurityPolicy: false, crossOriginResourcePolicy: false, frameguard: false });
  await server.register(rateLimit, { max: 1_200, timeWindow: 60_000 });
  server.setErrorHandler((error: { statusCode?: number; code?: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) hub.ctx.log.error({ code: error.code ?? '', status }, 'a request failed');
    const code = status === 429 ? 'session/too-often' : status >= 500 ? 'session/failed' : 'session/bad-input';
    return reply
      .code(status)
      .send({ error: hubError(code, status === 429 || status >= 500 ? { retry: 'later' } : {}) });
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: hubError('session/not-found') }));
  health(server, hub, config.metricsToken);
  sessionRoutes(server, hub.ctx);
  // Both sides notice a dead peer within four seconds; our cursor and command numbers are what recovers.
  const io = new Server(server.server, {
    transports: ['websocket', 'polling'],
    allowUpgrades: true,
    pingInterval: 1_500,
    pingTimeout: 2_000,
    maxHttpBufferSize: largestMessage,
    serveClient: false,
    cors: { origin: false },
    destroyUpgrade: true,
  });
  serveDesks(io, hub.gateway);
  await mount(server, io);
  const address = await server.listen({ host: config.host, port: config.port });
  return {
    address: config.publicUrl ?? address,
    server,
    io,
    async close() {
      await io.close();
      await server.close();
    },
  };
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Figures are for this machine, or for whoever has the token. */
function mayMeasure(request: FastifyRequest, token: string | null): boolean {
  if (token === null) return loopback.has(request.ip);
  const given = createHash('sha256')
    .update(request.headers.authorization ?? '')
    .digest();
  return timingSafeEqual(given, createHash('sha256').update(`Bearer ${token}`).digest());
}

function health(server: FastifyInstance, hub: Hub, metricsToken: string | null): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const desks = new Gauge({
    name: 'fairlead_desks_connected',
    help: 'Desks connected to this node',
    registers: [registry],
  });
  server.get('/health', () => ({ status: 'up' }));
  server.get('/ready', async (_request, reply) => {
    if (hub.isStopping()) return reply.code(503).send({ status: 'draining' });
    try {
      await hub.ctx.db.one(sql`select 1 as one`);
      return { status: 'ready' };
    } catch {
      return reply.code(503).send({ status: 'database out of reach' });
    }
  });
  server.get('/metrics', async (request, reply) => {
    if (!mayMeasure(request, metricsToken)) return reply.code(404).send({ error: hubError('session/not-found') });
    desks.set(hub.gateway.count());
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
