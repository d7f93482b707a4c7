/** Whether a value holds the one character PostgreSQL cannot keep in a text (U+0000), in whatever depth, names of members included. */
export function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (Array.isArray(value)) return value.some(holdsNul);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.includes('\u0000') || holdsNul(inner));
}

/** A text without that character: each is replaced by U+FFFD, as a decoder does with what it cannot read. */
export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}
