import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { menuLanguageSchema, themeSchema } from '#shared/ipc/main.ts';

const preferencesSchema = z.object({
  theme: themeSchema,
  language: menuLanguageSchema,
  /** whether single letters are keys; without them every action keeps its Ctrl key, menu or button */
  hasLetterKeys: z.boolean(),
  widths: z.nullable(z.object({ inbox: z.number(), context: z.number() })),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const before: Preferences = { theme: 'system', language: 'system', hasLetterKeys: true, widths: null };
const place = 'fairlead.preferences';

/** What a person chose for this computer's window. Nothing of customers. Kept by the page; unreadable ones start anew. */
export function createPreferences(storage: Pick<Storage, 'getItem' | 'setItem'>): PreferencesStore {
  const read = (): Preferences => {
    try {
      const parsed = z.safeParse(preferencesSchema, JSON.parse(storage.getItem(place) ?? 'null'));
      return parsed.success ? parsed.data : before;
    } catch {
      return before;
    }
  };
  const store = createStore<Preferences>(read);
  store.subscribe((state) => {
    try {
      storage.setItem(place, JSON.stringify(state));
    } catch {
      // A full disk must not stop the desk; the choice holds until the window closes.
    }
  });
  return store;
}

export type PreferencesStore = StoreApi<Preferences>;
