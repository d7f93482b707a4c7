const longest = 2_000;

/**
 * Takes what could name a person out of a line before it reaches the log file: e-mail addresses, long numbers
 * (phones, cards, orders) and quoted text, in which errors like to repeat what somebody typed.
 * Our own lines hold ids and codes only; this is for text we did not write: console errors and crash output.
 */
export function redact(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)} …` : text;
  return cut
    .replace(/[^\s"'<>()]+@[^\s"'<>()]+\.[^\s"'<>()]+/g, '<address>')
    .replace(/"(?:[^"\\\n]|\\.){12,}"/g, '"<text>"')
    .replace(/`[^`\n]{12,}`/g, '`<text>`')
    .replace(/\+?\d(?:[\d ()-]{5,}\d)/g, '<number>');
}
