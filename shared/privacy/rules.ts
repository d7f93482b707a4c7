/**
 * Card numbers typed by a customer never reach a disk: the widget masks them as a courtesy while the customer
 * watches, the hub masks them again before anything is stored. One pure rule for both.
 */

const SHORTEST_CARD = 13;
const LONGEST_CARD = 19;
const DIGITS_LEFT_READABLE = 4;
const MASK = '•';

/** First code points of the decimal digits people type: Latin, Arabic-Indic, Persian, Devanagari, full width. */
const DIGIT_ZEROES = [0x30, 0x660, 0x6f0, 0x966, 0xff10];
const DIGIT = '[0-9٠-٩۰-۹०-९０-９]';
/** What people put between groups: up to three spaces, dashes, dots or line breaks. */
const GAP = '[ \\t\\r\\n\\u00a0\\u2000-\\u200b\\u202f\\u3000.\\-\\u00ad\\u2010-\\u2015\\u2212/_]{1,3}';
const RUN = new RegExp(`${DIGIT}+(?:${GAP}${DIGIT}+)*`, 'g');
const GROUP = new RegExp(`${DIGIT}+`, 'g');

/** Where one unbroken group of digits stands in the text, and its digits as values. */
type Group = { start: number; end: number; digits: readonly number[] };

function digitValue(char: string): number {
  const code = char.charCodeAt(0);
  const zero = DIGIT_ZEROES.find((z) => code >= z && code <= z + 9);
  return zero === undefined ? 0 : code - zero;
}

/** The checksum of ISO/IEC 7812-1 (Luhn): true when the last digit closes it. */
export function closesLuhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits[digits.length - 1 - i] ?? 0;
    const weighted = i % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return digits.length > 0 && sum % 10 === 0;
}

function looksLikeCard(digits: readonly number[]): boolean {
  return digits.length >= SHORTEST_CARD && digits.length <= LONGEST_CARD && closesLuhn(digits);
}

/** Within a longer row of numbers only what starts as payment cards do (2 to 6) counts, or chance would hit often. */
function startsLikeCard(digits: readonly number[]): boolean {
  const first = digits[0] ?? 0;
  return first >= 2 && first <= 6;
}

/** True when the digits after two letters make a valid IBAN (ISO 13616, mod 97): a bank account is not a card. */
function isIban(before: string, digits: readonly number[]): boolean {
  const country = /(?:^|[^A-Za-z])([A-Za-z]{2})$/.exec(before)?.[1]?.toUpperCase();
  if (!country || digits.length < 13) return false;
  const letters = Array.from(country, (c) => String(c.charCodeAt(0) - 55)).join('');
  const rearranged = [...digits.slice(2), ...Array.from(letters, Number), ...digits.slice(0, 2)];
  return rearranged.reduce((rest, digit) => (rest * 10 + digit) % 97, 0) === 1;
}

function groupsOf(run: string, offset: number): Group[] {
  return Array.from(run.matchAll(GROUP), (match) => ({
    start: offset + match.index,
    end: offset + match.index + match[0].length,
    digits: Array.from(match[0], digitValue),
  }));
}

/** The card numbers of one run of digit groups, longest first from the left, as [first, last] group indexes. */
function cardsOf(groups: readonly Group[], before: string): [number, number][] {
  const all = groups.flatMap((g) => g.digits);
  const isPhone = before.endsWith('+') && all.length <= 15;
  if (isPhone || isIban(before, all)) return [];
  if (looksLikeCard(all)) return [[0, groups.length - 1]];
  const found: [number, number][] = [];
  let from = 0;
  while (from < groups.length) {
    let hit = -1;
    let digits: number[] = [];
    for (let to = from; to < groups.length && digits.length < LONGEST_CARD; to += 1) {
      digits = [...digits, ...(groups[to]?.digits ?? [])];
      const isWholeGroup = to === from;
      if (looksLikeCard(digits) && (isWholeGroup || startsLikeCard(digits))) hit = to;
    }
    if (hit >= 0) found.push([from, hit]);
    from = hit >= 0 ? hit + 1 : from + 1;
  }
  return found;
}

function maskGroups(text: string, groups: readonly Group[]): string {
  const start = groups[0]?.start ?? 0;
  const end = groups.at(-1)?.end ?? start;
  let left = groups.reduce((sum, g) => sum + g.digits.length, 0) - DIGITS_LEFT_READABLE;
  const isDigit = new RegExp(DIGIT);
  return Array.from(text.slice(start, end), (char) => {
    if (!isDigit.test(char) || left <= 0) return char;
    left -= 1;
    return MASK;
  }).join('');
}

function maskOnce(text: string): string {
  let masked = '';
  let done = 0;
  for (const match of text.matchAll(RUN)) {
    const groups = groupsOf(match[0], match.index);
    for (const [first, last] of cardsOf(groups, text.slice(Math.max(0, match.index - 8), match.index))) {
      const card = groups.slice(first, last + 1);
      const start = card[0]?.start ?? 0;
      masked += text.slice(done, start) + maskGroups(text, card);
      done = card.at(-1)?.end ?? start;
    }
  }
  return masked + text.slice(done);
}

/**
 * Replaces every digit but the last four of each payment card number in `text` by a dot, and leaves all else as it is:
 * same length, same spacing. A card number is 13 to 19 digits, in one piece or in groups, whose checksum closes.
 * International phone numbers (with +) and valid IBANs stay readable. Masking twice changes nothing.
 */
export function maskCards(text: string): string {
  let before = text;
  // What is left of one card can join the numbers after it; so again until nothing changes (each round removes digits).
  for (;;) {
    const after = maskOnce(before);
    if (after === before) return after;
    before = after;
  }
}
