import type { FastifyInstance, FastifyReply } from 'fastify';
import { hubError } from '#shared/lib/errors.ts';
import { siteKeySchema } from '#shared/wire/visitor.ts';
import type { WidgetFiles } from './build.ts';
import type { Site, VisitorStore } from './ports.ts';

const YEAR_S = 31_536_000;

/** Text made safe inside an attribute or element. */
function safe(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Everything from the hub itself and nothing else; framed only by the site's pages. */
function policy(site: Site): string {
  const ancestors = site.allowedOrigins.map((origin) => (origin === 'self' ? "'self'" : origin));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
  ].join('; ');
}

function framePage(site: Site, stamp: string, ownOrigin: string): string {
  const origins = site.allowedOrigins.map((origin) => (origin === 'self' ? ownOrigin : origin)).join(' ');
  return `<!doctype html>
<html lang="en" data-site="${safe(site.key)}" data-name="${safe(site.name)}" data-origins="${safe(origins)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="referrer" content="no-referrer">
<title>${safe(site.name)}</title>
<link rel="stylesheet" href="/widget/frame.css?v=${stamp}">
<script type="module" src="/widget/frame.js?v=${stamp}"></script>
</head>
<body></body>
</html>
`;
}

function guard(reply: FastifyReply): FastifyReply {
  return reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
}

/**
 * GET /widget/launcher.js (for any site's page), /widget/frame?site=KEY (only to be framed by that site), and the files the
 * frame is made of. Nothing here knows or names a visitor.
 */
export function widgetRoutes(
  server: FastifyInstance,
  visitors: Pick<VisitorStore, 'siteByKey'>,
  widget: WidgetFiles,
): void {
  server.get<{ Querystring: { site?: string } }>('/widget/frame', async (request, reply) => {
    const key = siteKeySchema.safeParse(request.query.site);
    const site = key.success ? await visitors.siteByKey(key.data) : null;
    if (!site) return reply.code(404).send({ error: hubError('visitor/site-unknown') });
    // Frame-ancestors says who may frame it; the older header, which knows no list, would say no.
    reply.removeHeader('x-frame-options');
    const ownOrigin = `${request.protocol}://${request.host}`;
    return guard(reply)
      .header('content-security-policy', policy(site))
      .header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(framePage(site, widget.stamp, ownOrigin));
  });
  server.get<{ Params: { file: string }; Querystring: { v?: string } }>('/widget/:file', async (request, reply) => {
    const file = widget.files.get(request.params.file);
    if (!file) return reply.code(404).send({ error: hubError('visitor/no-such-file') });
    const isLauncher = request.params.file === 'launcher.js';
    const isNamed = request.query.v === widget.stamp || file.type.startsWith('font/');
    const etag = `"${widget.stamp}"`;
    guard(reply)
      .header('etag', etag)
      .header('vary', 'accept-encoding')
      .header('cross-origin-resource-policy', isLauncher ? 'cross-origin' : 'same-origin')
      .header('cache-control', isNamed ? `public, max-age=${YEAR_S}, immutable` : 'public, max-age=300')
      .type(file.type);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const isSmall = file.gzip !== null && (request.headers['accept-encoding'] ?? '').includes('gzip');
    return isSmall ? reply.header('content-encoding', 'gzip').send(file.gzip) : reply.send(file.body);
  });
}
