import {
  keepPreviousData,
  type QueryClient,
  QueryClientProvider,
  QueryObserver,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { DeskApi } from '#shared/ipc/window-desk.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { QueryDef } from '#shared/lib/query.ts';
import type { Clock } from '#shared/lib/time.ts';
import { type CoreLine, type LineState, openCoreLine, reasonOf } from './core-line.ts';
import { type MainLine, openMainLine } from './main-line.ts';
import { createQueryClient, deskQuery } from './query-client.ts';

/** Everything a screen reaches the rest of the desk through. */
export interface Bridge {
  readonly core: CoreLine;
  readonly main: MainLine;
  readonly client: QueryClient;
  readonly clock: Clock;
}

/** Opens both lines over what the preload put on the window (or over a stand-in for it). */
export function openBridge(api: DeskApi, clock: Clock): Bridge {
  const core = openCoreLine(api, clock);
  return { core, main: openMainLine(api), client: createQueryClient(core), clock };
}

const BridgeContext = createContext<Bridge | null>(null);

export function BridgeProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  return (
    <BridgeContext value={bridge}>
      <QueryClientProvider client={bridge.client}>{children}</QueryClientProvider>
    </BridgeContext>
  );
}

export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error('no bridge around this part of the screen');
  return bridge;
}

/** What a query shows: the data of exactly these arguments, kept while it is read again. */
export interface Shown<R> {
  readonly data: R | undefined;
  readonly error: AppError | null;
  /** nothing to show yet and no refusal either */
  readonly isStarting: boolean;
  /** `data` is of earlier arguments (only with `keepsPrevious`) */
  readonly isPrevious: boolean;
}

export interface QueryChoices {
  isEnabled?: boolean;
  /** Shows the data of the arguments before until the new are read. Never for what belongs to one conversation. */
  keepsPrevious?: boolean;
}

/** Reads from the desk's data and stays current. */
export function useDeskQuery<A, R>(def: QueryDef<A, R>, args: A, choices: QueryChoices = {}): Shown<R> {
  const { core } = useBridge();
  const result = useQuery({
    ...deskQuery(core, def, args),
    enabled: choices.isEnabled ?? true,
    ...(choices.keepsPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    data: result.data as R | undefined,
    error: result.error === null ? null : reasonOf(result.error),
    isStarting: result.isPending && result.error === null,
    isPrevious: result.isPlaceholderData,
  };
}

/** One query that is kept current though nobody shows it yet. */
export interface WarmQuery {
  readonly key: string;
  observe(core: CoreLine, client: QueryClient): () => void;
}

/** Names a query to keep warm. */
export function warm<A, R>(def: QueryDef<A, R>, args: A): WarmQuery {
  return {
    key: JSON.stringify([def.name, args]),
    observe: (core, client) => new QueryObserver(client, deskQuery(core, def, args)).subscribe(() => {}),
  };
}

/** Keeps queries current in the background, so that what they show is there at once when it is asked for. Memoise the list. */
export function useWarm(queries: readonly WarmQuery[]): void {
  const { core } = useBridge();
  const client = useQueryClient();
  const [kept] = useState(() => new Map<string, () => void>());
  useEffect(() => {
    const names = new Set(queries.map((q) => q.key));
    for (const [key, stop] of kept) {
      if (names.has(key)) continue;
      stop();
      kept.delete(key);
    }
    for (const query of queries) {
      if (!kept.has(query.key)) kept.set(query.key, query.observe(core, client));
    }
  }, [queries, kept, core, client]);
  useEffect(
    () => () => {
      for (const stop of kept.values()) stop();
      kept.clear();
    },
    [kept],
  );
}

/** Whether the core can be reached from this page. */
export function useLineState(): LineState {
  const { core } = useBridge();
  const [state, setState] = useState(core.state());
  useEffect(() => {
    setState(core.state());
    return core.onState(setState);
  }, [core]);
  return state;
}
