import { app, type Session, shell, type WebContents } from 'electron';
import { mayOpenOutside } from './links.ts';
import type { Log } from './log.ts';

export type FenceParts = { readonly linkHosts: readonly string[]; readonly devUrl: string | null; readonly log: Log };

/** The one permission the page has: writing to the clipboard when a person copies something. */
const granted = new Set(['clipboard-sanitized-write']);

/** Port 9, "discard": nothing of ours listens there, loopback included. */
const deadEnd = '127.0.0.1:9';

/** Hands a link to the system's browser if the allow-list has it; answers whether it did. */
export async function openOutside(link: string, { linkHosts, log }: FenceParts): Promise<boolean> {
  if (!mayOpenOutside(link, linkHosts)) {
    log('info', 'link not opened: not on the list');
    return false;
  }
  await shell.openExternal(link);
  return true;
}

function fenceContents(contents: WebContents, parts: FenceParts): void {
  const stay = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    parts.log('warn', 'navigation refused');
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', stay);
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url, parts);
    return { action: 'deny' };
  });
  // WebRTC is outside every policy: it may only go through the proxy, and the session's proxy leads nowhere.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Every page that is ever made stays where it is, opens nothing and gets no rights. Call once, before any window. */
export function fenceAllContents(parts: FenceParts): void {
  app.on('web-contents-created', (_event, contents) => fenceContents(contents, parts));
}

/**
 * Closes the session: permissions and devices denied, nothing downloaded, no request leaves the app:// scheme.
 * The policy of the page says the same; this holds also where a policy does not reach.
 */
export async function fenceSession(session: Session, { devUrl, log }: FenceParts): Promise<void> {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(granted.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => granted.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  if (devUrl !== null) return;
  await session.setProxy({ mode: 'fixed_servers', proxyRules: deadEnd, proxyBypassRules: '<-loopback>' });
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];
  session.webRequest.onBeforeRequest({ urls }, (details, answer) => {
    log('warn', 'request refused', { kind: details.resourceType });
    answer({ cancel: true });
  });
}
