const longestLink = 2_000;
const hostForm = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/**
 * Reads a comma-separated list of host names, such as `shop.example,carrier.example`.
 * What is not a plain host name is left out rather than guessed at.
 */
export function readHosts(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => hostForm.test(host));
}

/**
 * Whether a link may be handed to the system's browser: https on its usual port, no name or password inside,
 * and a host that is on the list or below one that is. Customers send links; an agent's slip must lead nowhere new.
 */
export function mayOpenOutside(link: string, hosts: readonly string[]): boolean {
  if (link.length > longestLink || !URL.canParse(link)) return false;
  const url = new URL(link);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return false;
  return hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}
