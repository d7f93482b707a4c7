/**
 * The text of an error on the page's console, or null for anything milder.
 * Electron up to 34 gives level and text one by one, later ones inside one object.
 */
export function consoleError(details: unknown, level: unknown, text: unknown): string | null {
  if (typeof details === 'object' && details !== null && 'level' in details && 'message' in details) {
    return details.level === 'error' ? String(details.message) : null;
  }
  return level === 3 ? String(text) : null;
}
