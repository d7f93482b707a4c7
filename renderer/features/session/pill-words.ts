import type { Tone } from '#renderer/ui/tone.ts';
import { assertNever } from '#shared/lib/result.ts';
import type { Link, Status } from '#shared/session/model.ts';

/** What the pill says, as facts for the catalogue: `session:pill.<key>`. */
export interface PillWords {
  readonly tone: Tone;
  readonly key: string;
  readonly params: { readonly count?: number };
  /** since when it is so (device time), where the words count */
  readonly since: number | null;
  /** how old the data is (hub time), where that matters */
  readonly dataAt: number | null;
}

function ofLink(link: Link): Omit<PillWords, 'dataAt'> {
  switch (link.state) {
    case 'never':
      return { tone: 'neutral', key: 'never', params: {}, since: null };
    case 'connecting':
      return { tone: 'warn', key: 'connecting', params: {}, since: null };
    case 'catching-up':
      return {
        tone: 'warn',
        key: link.behind > 0 ? 'catchingUp' : 'catchingUpSome',
        params: link.behind > 0 ? { count: link.behind } : {},
        since: null,
      };
    case 'live':
      return { tone: 'ok', key: 'live', params: {}, since: null };
    case 'unreachable':
      return {
        tone: 'warn',
        key: link.why === 'no-network' ? 'noNetwork' : 'outOfReach',
        params: {},
        since: link.since,
      };
    case 'sign-in-needed':
      return { tone: 'bad', key: `signIn.${link.why}`, params: {}, since: null };
    default:
      return assertNever(link);
  }
}

/**
 * The words of the status pill from facts alone. No status yet = the core has not answered; a closed line = it died.
 * Only a live link needs no age of data.
 */
export function pillWords(
  status: Pick<Status, 'link' | 'dataAt'> | undefined,
  line: 'starting' | 'open' | 'closed',
): PillWords {
  if (line === 'closed')
    return { tone: 'bad', key: 'coreGone', params: {}, since: null, dataAt: status?.dataAt ?? null };
  if (status === undefined) return { tone: 'neutral', key: 'starting', params: {}, since: null, dataAt: null };
  const words = ofLink(status.link);
  return { ...words, dataAt: status.link.state === 'live' ? null : status.dataAt };
}

/** How much later it is on the hub than here, in words worth saying; below this nobody needs to know (ms). */
export const clockWorthSaying = 60_000;
