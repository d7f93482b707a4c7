import { type Query, type QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query';
import { type Change, type Dependency, type QueryDef, touches } from '#shared/lib/query.ts';
import { type CoreLine, Refused } from './core-line.ts';

/** One object for hook, preload and invalidation: the key, how it is read, and what it rests on. */
export interface DeskQueryOptions<R> {
  queryKey: readonly [name: string, args: unknown];
  queryFn: () => Promise<R>;
  meta: { rests: readonly Dependency[] };
}

/** The options of a query with its arguments. */
export function deskQuery<A, R>(line: CoreLine, def: QueryDef<A, R>, args: A): DeskQueryOptions<R> {
  return {
    queryKey: [def.name, args],
    queryFn: async () => {
      const answer = await line.query(def, args);
      if (!answer.ok) throw new Refused(answer.error);
      return answer.value;
    },
    meta: { rests: def.rests(args) },
  };
}

function restsOf(query: Query): readonly Dependency[] {
  const rests = query.meta?.['rests'];
  return Array.isArray(rests) ? (rests as Dependency[]) : [];
}

/**
 * Forgets what was read, shown or not, but for the named queries: it belongs to a person who is not at this desk any more.
 * Whoever still shows some of it must go in the same drawing.
 */
export function forgetRead(client: QueryClient, besides: readonly string[]): void {
  client.removeQueries({ predicate: ({ queryKey }) => !besides.includes(String(queryKey[0])) });
}

/**
 * A query client whose data is the desk's own: never old by time, only by a change the core names.
 * Mounted queries that rest on a change are read again at once; others are marked and read when they are next shown.
 * A change that arrives while a query is being read makes it be read once more afterwards: reads are never cut short,
 * so a stream of changes cannot starve the screen, and no change is missed.
 */
export function createQueryClient(line: CoreLine): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 15 * 60_000,
        networkMode: 'always',
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
    },
  });
  const cache = client.getQueryCache();
  const readAgain = new Set<string>();

  const outdate = (query: Query): void => {
    if (query.state.fetchStatus === 'fetching') {
      readAgain.add(query.queryHash);
      return;
    }
    void client.invalidateQueries({ queryKey: query.queryKey, exact: true, refetchType: 'active' });
  };

  line.onChanged((changes: readonly Change[]) => {
    // A scope came or went: what was read of it before must not show for the moment of a new reading.
    const isOfScope = changes.some((change) => change.entity === 'local.scope');
    for (const query of cache.getAll()) {
      const rests = restsOf(query);
      if (!changes.some((change) => touches(change, rests))) continue;
      if (isOfScope && !query.isActive()) cache.remove(query);
      else outdate(query);
    }
  });

  cache.subscribe((event: QueryCacheNotifyEvent) => {
    if (event.type !== 'updated' || event.query.state.fetchStatus !== 'idle') return;
    if (readAgain.delete(event.query.queryHash)) outdate(event.query);
  });

  // A fresh port: nothing here is known to be current any more.
  let wasOpen = false;
  line.onState((state) => {
    if (state !== 'open') return;
    if (wasOpen) for (const query of cache.getAll()) outdate(query);
    wasOpen = true;
  });

  return client;
}
