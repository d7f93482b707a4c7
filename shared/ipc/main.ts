import * as z from 'zod/mini';

/** Renderer and main process: the few things only the main process can do. Data never passes here. */

/** Which Electron runs: the one that is shipped, or the older stand-in for development and tests. */
export const runtimeKinds = ['official', 'stand-in'] as const;
export const runtimeKindSchema = z.enum(runtimeKinds);
export type RuntimeKind = z.infer<typeof runtimeKindSchema>;

export const themes = ['system', 'light', 'dark'] as const;
export const themeSchema = z.enum(themes);
export type Theme = z.infer<typeof themeSchema>;

/** Languages of the message catalogue; `system` takes the computer's. */
export const menuLanguages = ['system', 'en', 'de'] as const;
export const menuLanguageSchema = z.enum(menuLanguages);

/** A place in the desk as the page's router writes it, such as `/conversation/abc`. */
export const placeSchema = z.string().check(z.regex(/^\/[A-Za-z0-9/_-]*$/), z.maxLength(200));

const nothing = z.null();
const version = z.string().check(z.maxLength(40));

export const aboutSchema = z.object({
  appVersion: version,
  runtimeKind: runtimeKindSchema,
  electron: version,
  chrome: version,
  node: version,
  platform: z.string().check(z.maxLength(40)),
  arch: z.string().check(z.maxLength(40)),
  isPackaged: z.boolean(),
  /** Whether a keychain of the operating system keeps secrets here; without one a password alone guards the data. */
  hasKeychain: z.boolean(),
  systemLanguage: z.enum(['en', 'de']),
});
export type About = z.infer<typeof aboutSchema>;

export const appearanceSchema = z.object({ theme: themeSchema, language: menuLanguageSchema });
export type Appearance = z.infer<typeof appearanceSchema>;

export const noticeSchema = z.object({
  title: z.string().check(z.minLength(1), z.maxLength(120)),
  body: z.string().check(z.maxLength(300)),
  /** A later notice with the same tag replaces the earlier one. */
  tag: z.string().check(z.minLength(1), z.maxLength(100)),
  /** Where a click leads; null only brings the window forward. */
  place: z.nullable(placeSchema),
});
export type Notice = z.infer<typeof noticeSchema>;

/** Every call with the schema of its argument and of its answer; `null` stands for "nothing". */
export const mainCalls = {
  about: { args: nothing, answer: aboutSchema },
  setAppearance: { args: appearanceSchema, answer: nothing },
  /** Answers the zoom factor that now holds (1 = 100 %). */
  zoom: { args: z.enum(['in', 'out', 'reset']), answer: z.object({ factor: z.number() }) },
  /** `isShown` is false where the system has no notifications or the window has the focus already. */
  notify: { args: noticeSchema, answer: z.object({ isShown: z.boolean() }) },
  setBadge: { args: z.int().check(z.gte(0), z.lte(9999)), answer: nothing },
  /** Opens a link in the system's browser if the allow-list has it; `isOpened` says so. */
  openLink: { args: z.string().check(z.maxLength(2000)), answer: z.object({ isOpened: z.boolean() }) },
  showLog: { args: nothing, answer: nothing },
} as const;

/** What the main process tells the page unasked. */
export const mainEvents = {
  /** A notice was clicked: go there. */
  navigate: z.object({ place: placeSchema }),
  /** Chosen in the application menu. */
  open: z.object({ what: z.enum(['about', 'settings', 'shortcuts']) }),
} as const;

export type MainArguments = { [N in keyof typeof mainCalls]: z.infer<(typeof mainCalls)[N]['args']> };
export type MainAnswers = { [N in keyof typeof mainCalls]: z.infer<(typeof mainCalls)[N]['answer']> };
export type MainEvents = { [N in keyof typeof mainEvents]: z.infer<(typeof mainEvents)[N]> };
