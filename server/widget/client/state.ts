import type { Opening, VisitorDown } from '#shared/wire/visitor.ts';
import type { LinkState } from './connection.ts';
import type { Item, MessageRow } from './thread.ts';

/** Why there is no chat until the page does something. */
export type Obstacle = 'outdated' | 'unavailable' | 'expired';

export type WidgetState = {
  link: LinkState;
  obstacle: Obstacle | null;
  siteName: string | null;
  visitorName: string | null;
  opening: Opening | null;
  items: readonly Item[];
  unread: readonly MessageRow[];
  /** Who types, null when nobody does; '' when the name is not known. */
  typing: string | null;
  /** The rows of this visitor have been read at least once. */
  isLoaded: boolean;
};

/** What a page does after the hub sent it away. */
export type AfterBye =
  | { do: 'stop'; obstacle: Obstacle }
  | { do: 'ask-identity' }
  | { do: 'go-on-unknown' }
  | { do: 'forget' }
  | { do: 'come-back'; inMs: number };

/** Coming back at once would be answered the same way. */
const SOONEST_MS = 100;

/** Decides by the hub's reason, and by its `retry` for reasons this page does not know. */
export function afterBye({ error, retryInMs }: Extract<VisitorDown, { t: 'bye' }>): AfterBye {
  switch (error.code) {
    case 'visitor/version':
      return { do: 'stop', obstacle: 'outdated' };
    case 'visitor/identity-expired':
      return { do: 'ask-identity' };
    case 'visitor/identity-invalid':
      return { do: 'go-on-unknown' };
    case 'visitor/signed-out':
      return { do: 'forget' };
    default:
      if (error.retry === 'never') return { do: 'stop', obstacle: 'unavailable' };
      return { do: 'come-back', inMs: Math.max(SOONEST_MS, retryInMs ?? 0) };
  }
}
