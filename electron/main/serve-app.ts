import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

/** The origin of our own page; the only one that may be shown or talk to the main process. */
export const appOrigin = 'app://bundle';

/**
 * What the page may do: its own files and nothing else. No network at all, because data comes through the core;
 * no inline script or style, no eval, no HTML from strings.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

function notFound(): Response {
  return new Response('not found', { status: 404, headers: { 'content-security-policy': contentSecurityPolicy } });
}

/** Path of the file a request names inside `dir`, or null for anything that is not a known kind of file in there. */
export function fileFor(dir: string, url: URL): string | null {
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  const file = normalize(join(dir, name === '/' ? '/index.html' : name));
  if (name.includes('\0') || !file.startsWith(dir + sep) || types[extname(file)] === undefined) return null;
  return file;
}

/** Answers requests to app://bundle with the files of `dir`; every answer carries the policy. */
export function serveFiles(dir: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const file = url.host === 'bundle' && request.method === 'GET' ? fileFor(dir, url) : null;
    if (file === null) return notFound();
    try {
      return new Response(new Uint8Array(await readFile(file)), {
        headers: {
          'content-type': types[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
        },
      });
    } catch {
      return notFound();
    }
  };
}
