import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { menuLanguageSchema, themeSchema } from '#shared/ipc/main.ts';
import { windowStateSchema } from './window-state.ts';

/** What the window needs before any profile is open, so it cannot live in a profile's encrypted files. */
export const settingsSchema = z.object({
  window: z.nullable(windowStateSchema),
  theme: themeSchema,
  language: menuLanguageSchema,
  zoom: z.number().check(z.gte(0.25), z.lte(5)),
});
export type Settings = z.infer<typeof settingsSchema>;

export const firstSettings: Settings = { window: null, theme: 'system', language: 'system', zoom: 1 };

/** Reads settings; a file that is missing, damaged or of another form counts as none: nothing in it is worth a refusal. */
export function parseSettings(text: string | null): Settings {
  if (text === null) return firstSettings;
  try {
    const read = z.safeParse(settingsSchema, JSON.parse(text));
    return read.success ? read.data : firstSettings;
  } catch {
    return firstSettings;
  }
}

export type SettingsFile = {
  now(): Settings;
  /** Replaces the given parts and writes the file at once; a failed write is told, not thrown. */
  set(change: Partial<Settings>): void;
};

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Opens the settings file. Writes go to a second file that replaces the first, so a crash leaves one whole file. */
export function openSettings(file: string, onFailedWrite: (error: unknown) => void): SettingsFile {
  let settings = parseSettings(readOrNull(file));
  return {
    now: () => settings,
    set(change) {
      const next = { ...settings, ...change };
      if (JSON.stringify(next) === JSON.stringify(settings)) return;
      settings = next;
      try {
        writeFileSync(`${file}.new`, JSON.stringify(settings));
        renameSync(`${file}.new`, file);
      } catch (error) {
        onFailedWrite(error);
      }
    },
  };
}
