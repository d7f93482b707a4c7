import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Fastify from 'fastify';
import { Server } from 'socket.io';
import * as z from 'zod/mini';
import { mountShop, type ShopData } from '#server/demo/shop/routes.ts';
import { widgetFiles } from '#server/widget/build.ts';
import { signIdentity } from '#server/widget/identity.ts';
import type { Site } from '#server/widget/ports.ts';
import { widgetRoutes } from '#server/widget/routes.ts';
import { addressOf, serveVisitors } from '#server/widget/socket.ts';
import { systemClock } from '#shared/lib/time.ts';
import { FakeHub, fakeSite } from './fake-visitor-hub.ts';
import { type CuttableProxy, startProxy } from './proxy.ts';

/** A page of some other site that embeds the chat, on an origin of its own. */
export type HostPage = {
  lang?: string;
  dir?: 'rtl' | 'ltr';
  theme?: 'light' | 'dark' | 'auto';
  /** The customer whose identity the page's server signs; null for nobody. */
  subject?: string;
  /** CSS of the page itself. */
  css?: string;
};

/** The widget on real sockets and a real browser, with an invented hub behind it and a network that can be cut. */
export type WidgetShop = {
  hub: FakeHub;
  proxy: CuttableProxy;
  /** Address of the hub through the network that can be cut. */
  hubAddress: string;
  /** Address of a page on the other site. */
  host(page?: HostPage): string;
  /** Address of a page on a site that is not on the list. */
  stranger(): string;
  close(): Promise<void>;
};

const noData: ShopData = {
  shoppers: async () => [
    { reference: 'maya', name: 'Maya Lindqvist' },
    { reference: 'c2', name: 'Tomasz Weber' },
  ],
  ordersOf: async () => [],
};

function listen(server: HttpServer): Promise<number> {
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}

function hostHtml(hubAddress: string, page: HostPage, jwt: string | null): string {
  const { lang = 'en', dir = 'ltr', theme = 'auto', css = '' } = page;
  const identity = jwt === null ? '' : ` data-identity="${jwt}"`;
  return `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><title>Other shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${css}</style></head>
<body><main><h1>Other shop</h1><p><button>Before</button></p></main>
<script src="${hubAddress}/widget/launcher.js" data-site="shop" data-name="Harbour &amp; Pine" data-theme="${theme}"${identity}></script></body></html>`;
}

/** Starts it all on free ports. */
export async function startWidgetShop(site: Partial<Site> = {}, data: ShopData = noData): Promise<WidgetShop> {
  const pages = createServer();
  const port = await listen(pages);
  // Two names for one machine are two origins.
  const hostOrigin = `http://localhost:${port}`;
  const hub = new FakeHub(systemClock, fakeSite({ allowedOrigins: [hostOrigin, 'self'], ...site }));
  const server = Fastify();
  const io = new Server(server.server, { pingInterval: 1_500, pingTimeout: 2_000, serveClient: false });
  widgetRoutes(server, hub.ports.visitors, await widgetFiles());
  serveVisitors(io, hub.gateway, addressOf(false));
  await mountShop(server, { clock: systemClock, data, site: { key: hub.site.key, secret: hub.secret } });
  const own = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  const proxy = await startProxy({ host: own.hostname, port: Number(own.port) });
  const hubAddress = `http://127.0.0.1:${proxy.port}`;
  pages.on('request', (request, response) => {
    const page: HostPage = JSON.parse(new URL(request.url ?? '', hostOrigin).searchParams.get('page') ?? '{}');
    const { subject } = page;
    const signed = subject
      ? signIdentity({ subject, name: subject, email: null }, hub.site.key, hub.secret, systemClock.now())
      : Promise.resolve(null);
    signed.then(
      (jwt) => response.setHeader('content-type', 'text/html').end(hostHtml(hubAddress, page, jwt)),
      () => response.writeHead(500).end(),
    );
  });
  const query = (page: HostPage): string => `/?page=${encodeURIComponent(JSON.stringify(page))}`;
  return {
    hub,
    proxy,
    hubAddress,
    host: (page = {}) => hostOrigin + query(page),
    stranger: () => `http://127.0.0.1:${port}${query({})}`,
    async close() {
      hub.gateway.close();
      await io.close();
      await server.close();
      await proxy.close();
      pages.closeAllConnections();
      await new Promise((done) => pages.close(done));
    },
  };
}

/** The browser that set-up found or installed; without a set-up, Debian's. */
export function browserPath(): string {
  const noted = join(import.meta.dirname, '../../.cache/browser.json');
  if (process.env['FAIRLEAD_CHROMIUM']) return process.env['FAIRLEAD_CHROMIUM'];
  return existsSync(noted)
    ? z.object({ exe: z.string() }).parse(JSON.parse(readFileSync(noted, 'utf8'))).exe
    : '/usr/bin/chromium';
}
