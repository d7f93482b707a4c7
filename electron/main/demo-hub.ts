/**
 * Address of a demo hub from the environment, as an origin; null for none and for anything that is no web address.
 * The core decides what it does with it; a hub that was not started with --demo offers no demo sign-in.
 */
export function demoHubFrom(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : null;
}
