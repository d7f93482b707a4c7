/** Keeps a name's own direction inside words of another (Unicode isolates). */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

/** What a customer is called on the send button: the first name, or all of it where the first word alone names nobody. */
export function shortName(name: string): string {
  const words = name.trim().split(/\s+/u);
  const [first = '', second = ''] = words;
  const namesNobody =
    /[\d@]/u.test(name) || /\d/u.test(second) || /^(guest|gast|dr|prof|mr|mrs|ms|herr|frau)\.?$/iu.test(first);
  const short = namesNobody ? words.join(' ') : first;
  return short.length > 24 ? `${[...short].slice(0, 23).join('')}…` : short;
}
