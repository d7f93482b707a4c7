/**
 * What the launcher (in the shop's page) and the frame (from the hub) say to each other, over a MessagePort. The launcher
 * hands the port over in one window message to exactly the hub's origin; the frame takes it only from an origin on the
 * site's list. After that the port itself is the proof, and no window message is listened to.
 */
export type ToFrame =
  | { t: 'shown'; isShown: boolean }
  /** What the site's server says of the visitor: a JWT, or null for nobody. */
  | { t: 'identity'; jwt: string | null }
  | { t: 'reset' }
  /** Focus comes round from the page behind a full-screen panel. */
  | { t: 'focus'; at: 'start' | 'end' };

export type ToLauncher =
  | { t: 'close' }
  | { t: 'unread'; count: number }
  /** The identity is over; a fresh one, or null, is expected. */
  | { t: 'identity-wanted' }
  /** After a reset: nothing of the visitor is kept here any more, and the hub knows. */
  | { t: 'forgotten' };

/** The page as the frame needs to know it, sent along with the port. */
export type Hello = {
  t: 'fairlead';
  language: string;
  direction: 'ltr' | 'rtl';
  theme: 'light' | 'dark' | 'auto';
  /** The identity known at once; `undefined` while the page is still finding out. */
  jwt: string | null | undefined;
};

function hasTag(data: unknown): data is { t: unknown } & Record<string, unknown> {
  return typeof data === 'object' && data !== null && 't' in data;
}

export function readToFrame(data: unknown): ToFrame | null {
  if (!hasTag(data)) return null;
  if (data.t === 'shown' && typeof data['isShown'] === 'boolean') return { t: 'shown', isShown: data['isShown'] };
  if (data.t === 'identity') return { t: 'identity', jwt: typeof data['jwt'] === 'string' ? data['jwt'] : null };
  if (data.t === 'reset') return { t: 'reset' };
  if (data.t === 'focus') return { t: 'focus', at: data['at'] === 'end' ? 'end' : 'start' };
  return null;
}

export function readToLauncher(data: unknown): ToLauncher | null {
  if (!hasTag(data)) return null;
  if (data.t === 'close' || data.t === 'identity-wanted' || data.t === 'forgotten') return { t: data.t };
  if (data.t === 'unread' && Number.isInteger(data['count'])) return { t: 'unread', count: Number(data['count']) };
  return null;
}

export function readHello(data: unknown): Hello | null {
  if (!hasTag(data) || data.t !== 'fairlead') return null;
  const { language, direction, theme, jwt } = data;
  return {
    t: 'fairlead',
    language: typeof language === 'string' && /^[A-Za-z0-9-]{2,35}$/.test(language) ? language : 'en',
    direction: direction === 'rtl' ? 'rtl' : 'ltr',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    jwt: typeof jwt === 'string' ? jwt : jwt === null ? null : undefined,
  };
}
