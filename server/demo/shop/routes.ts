import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SignJWT } from 'jose';
import type { Clock } from '#shared/lib/time.ts';
import { shopCss, shopScript } from './looks.ts';
import {
  type Frame,
  helpPage,
  homePage,
  notFoundPage,
  ordersPage,
  productPage,
  type ShopOrder,
  type Shopper,
  signInPage,
} from './pages.ts';
import type { ShopLanguage } from './words.ts';

/** What the shop has of its own: its customers and their orders. */
export interface ShopData {
  /** The customers one can be. */
  shoppers(): Promise<readonly Shopper[]>;
  ordersOf(reference: string): Promise<readonly ShopOrder[]>;
}

export interface ShopOptions {
  readonly clock: Clock;
  readonly data: ShopData;
  /** The shop's place in the hub: its public key and the secret its server signs identities with. */
  readonly site: { readonly key: string; readonly secret: Uint8Array };
}

const SESSION = 'harbour_pine_session';
const LANGUAGE = 'harbour_pine_language';
const IDENTITY_LIFE_S = 300;

/** Only its own files and the chat; no inline script or style anywhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function cookies(request: FastifyRequest): Map<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([name, value]) => [name ?? '', value ?? '']));
}

function sealFor(secret: Uint8Array): { seal(text: string): string; open(sealed: string): string | null } {
  const sign = (text: string): string =>
    createHmac('sha256', secret).update(`demo shop session ${text}`).digest('base64url');
  return {
    seal: (text) => `${Buffer.from(text).toString('base64url')}.${sign(text)}`,
    open(sealed) {
      const [body = '', signature = ''] = sealed.split('.');
      const text = Buffer.from(body, 'base64url').toString();
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(text))];
      return given.length === right.length && timingSafeEqual(given, right) ? text : null;
    },
  };
}

/** Opens the demo shop of Harbour & Pine under /demo: an ordinary site that embeds the chat. */
export async function mountShop(server: FastifyInstance, { clock, data, site }: ShopOptions): Promise<void> {
  const seal = sealFor(site.secret);

  const shopperOf = async (request: FastifyRequest): Promise<Shopper | null> => {
    const reference = seal.open(cookies(request).get(SESSION) ?? '');
    return reference === null ? null : ((await data.shoppers()).find((s) => s.reference === reference) ?? null);
  };
  const frameOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Frame> => {
    const asked = new URL(request.url, 'http://shop').searchParams.get('lang');
    const known = asked ?? cookies(request).get(LANGUAGE) ?? (request.headers['accept-language'] ?? '').slice(0, 2);
    const language: ShopLanguage = known === 'de' ? 'de' : 'en';
    if (asked !== null)
      reply.header('set-cookie', `${LANGUAGE}=${language}; Path=/demo; SameSite=Lax; Max-Age=31536000`);
    return { language, shopper: await shopperOf(request), site: site.key, path: request.url.split('?')[0] ?? '/demo' };
  };
  const show = (reply: FastifyReply, html: string): FastifyReply =>
    reply
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .type('text/html; charset=utf-8')
      .send(html);

  await server.register(async (shop) => {
    shop.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4_096 },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    shop.get('/demo', async (request, reply) => show(reply, homePage(await frameOf(request, reply))));
    shop.get('/demo/help', async (request, reply) => show(reply, helpPage(await frameOf(request, reply))));
    shop.get<{ Params: { sku: string } }>('/demo/products/:sku', async (request, reply) => {
      const frame = await frameOf(request, reply);
      const html = productPage(frame, request.params.sku);
      return show(html === null ? reply.code(404) : reply, html ?? notFoundPage(frame));
    });
    shop.get('/demo/orders', async (request, reply) => {
      const frame = await frameOf(request, reply);
      const orders = frame.shopper ? await data.ordersOf(frame.shopper.reference) : [];
      return show(reply, ordersPage(frame, orders, clock.now()));
    });
    shop.get('/demo/sign-in', async (request, reply) =>
      show(reply, signInPage(await frameOf(request, reply), await data.shoppers())),
    );
    shop.post('/demo/sign-in', async (request, reply) => {
      const reference = request.body instanceof URLSearchParams ? request.body.get('reference') : null;
      const shopper = (await data.shoppers()).find((s) => s.reference === reference);
      if (!shopper) return reply.redirect('/demo/sign-in', 303);
      return reply
        .header('set-cookie', `${SESSION}=${seal.seal(shopper.reference)}; Path=/demo; HttpOnly; SameSite=Lax`)
        .redirect('/demo/orders', 303);
    });
    shop.post('/demo/sign-out', async (_request, reply) =>
      reply.header('set-cookie', `${SESSION}=; Path=/demo; HttpOnly; SameSite=Lax; Max-Age=0`).redirect('/demo', 303),
    );
    /** What a site's server does for the chat: says who is signed in, for five minutes, under the site's secret. */
    shop.get('/demo/chat-identity', async (request, reply) => {
      const shopper = await shopperOf(request);
      const now = Math.floor(clock.now() / 1_000);
      const identity =
        shopper &&
        (await new SignJWT({ name: shopper.name })
          .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
          .setSubject(shopper.reference)
          .setIssuer(site.key)
          .setAudience('fairlead-widget')
          .setIssuedAt(now)
          .setExpirationTime(now + IDENTITY_LIFE_S)
          .sign(site.secret));
      return reply.header('cache-control', 'no-store').send({ identity });
    });
    shop.get('/demo/shop.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(shopCss));
    shop.get('/demo/shop.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(shopScript));
  });
}
