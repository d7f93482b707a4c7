import type { FastifyInstance } from 'fastify';
import type { Server } from 'socket.io';
import type { Config } from '#server/config.ts';
import { widgetFiles } from './build.ts';
import { VisitorGateway } from './gateway.ts';
import { followHub, hubPorts, type WidgetHub } from './hub-ports.ts';
import { widgetRoutes } from './routes.ts';
import { addressOf, serveVisitors } from './socket.ts';

/** Opens the customer's side of a hub: the widget's files, its socket, and what keeps them told. Call before listening. */
export async function mountWidget(server: FastifyInstance, io: Server, hub: WidgetHub, config: Config): Promise<void> {
  const ports = hubPorts(hub);
  const gateway = new VisitorGateway(ports);
  followHub(hub, gateway);
  widgetRoutes(server, ports.visitors, await widgetFiles());
  serveVisitors(io, gateway, addressOf(config.isBehindTlsProxy));
  server.addHook('onClose', async () => gateway.close());
}
