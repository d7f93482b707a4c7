import type { MainAnswers, MainArguments, MainEvents } from './main.ts';

/**
 * The one thing the page finds on `window`: names and types only, without any schema,
 * so that the preload stays a few kilobytes.
 */

/** Names of the calls of the main contract; `main.ts` gives each its schemas. */
export const mainCallNames = ['about', 'setAppearance', 'zoom', 'notify', 'setBadge', 'openLink', 'showLog'] as const;
export type MainCallName = (typeof mainCallNames)[number];

/** Names of what the main process tells the page unasked. */
export const mainEventNames = ['navigate', 'open'] as const;
export type MainEventName = (typeof mainEventNames)[number];

/** Electron channel names between main and preload. A call `x` travels on `desk:x`, an event `y` on `desk:on:y`. */
export const channels = {
  connectCore: 'core:connect',
  corePort: 'core:port',
  coreLost: 'core:lost',
  call: (name: MainCallName): string => `desk:${name}`,
  event: (name: MainEventName): string => `desk:on:${name}`,
} as const;

/** Longest message the page may send to the core, in characters of its JSON text. */
export const longestCoreMessage = 1_048_576;

/** What a message between page and core is for the preload: a plain object. Both ends parse it. */
export type CoreMessage = { readonly [key: string]: unknown };

/**
 * The line to the core. `open` comes each time a fresh port is there (the first time, and after the core was
 * restarted): nothing of an earlier port will be answered, so ask again. `closed` comes when the core died.
 */
export type CoreLineState = 'open' | 'closed';

export type DeskApi = {
  /**
   * Connects the page to the core; one line per page, a second call replaces the first.
   * `post` throws a TypeError for anything but a plain object of bounded size, and keeps messages
   * posted before the first `open`; while the line is closed it drops them (ask again on `open`).
   */
  connectCore(
    onMessage: (message: CoreMessage) => void,
    onState: (state: CoreLineState) => void,
  ): { post(message: CoreMessage): void };
  /** Calls into the main process; a rejected promise means the main process refused the call's form or sender. */
  readonly main: { readonly [N in MainCallName]: (args: MainArguments[N]) => Promise<MainAnswers[N]> };
  /** Listens for one event of the main process; the answer stops listening. */
  on<N extends MainEventName>(name: N, listener: (payload: MainEvents[N]) => void): () => void;
};
