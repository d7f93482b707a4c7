import { deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Reads a hub's address as a person types it and answers its origin (`https://hub.example`). Without a scheme https is meant, on this
 * computer itself http. Errors: `session/bad-address`, `session/needs-tls` (plain http to anything but this computer).
 */
export function hubAddressOf(typed: string): Result<string> {
  const text = typed.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const full = hasScheme ? text : `https://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (!url || url.hostname === '' || url.username !== '' || url.password !== '') {
    return fail(deskError('session/bad-address', { field: 'address' }));
  }
  const isHere = loopback.has(url.hostname);
  const scheme = hasScheme ? url.protocol.replace(/^ws(s?):$/, 'http$1:') : isHere ? 'http:' : 'https:';
  if (scheme !== 'http:' && scheme !== 'https:') return fail(deskError('session/bad-address', { field: 'address' }));
  if (scheme === 'http:' && !isHere) return fail(deskError('session/needs-tls', { field: 'address' }));
  return ok(`${scheme}//${url.host}`);
}
