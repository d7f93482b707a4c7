import type { SimRandom } from '#tests/support/sim-random.ts';

/** What was said to be on its way: by a customer's page, or by an agent's desk. */
export interface Entry {
  readonly kind: 'customer' | 'reply' | 'note';
  /** the page or desk that took it in */
  readonly author: string;
  /** counts the author's entries; renewed when it is sent again */
  place: number;
  readonly text: string;
  /** a word that stands in no other text */
  readonly token: string;
  /** why it may be gone without being called lost; null = it may not */
  excuse: string | null;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Everything anybody wrote in a history, so that in the end each can be asked for. */
export class Ledger {
  readonly entries: Entry[] = [];
  private readonly byText = new Map<string, Entry>();
  private readonly counts = new Map<string, number>();

  /** A text nobody wrote before. It counts once `keep` says that it was taken in. */
  draft(kind: Entry['kind'], author: string, random: SimRandom): Entry {
    const token = Array.from({ length: 12 }, () => letters[random.below(26)]).join('');
    const text = `${token} ${kind} of ${author}`;
    return { kind, author, place: 0, text, token, excuse: null };
  }

  keep(entry: Entry): void {
    entry.place = this.next(entry.author);
    this.entries.push(entry);
    this.byText.set(entry.text, entry);
  }

  /** It is sent again, after everything the author wrote so far. */
  renew(text: string): void {
    const entry = this.byText.get(text);
    if (entry) entry.place = this.next(entry.author);
  }

  find(text: string): Entry | null {
    return this.byText.get(text) ?? null;
  }

  of(author: string): Entry[] {
    return this.entries.filter((e) => e.author === author);
  }

  private next(author: string): number {
    const next = (this.counts.get(author) ?? 0) + 1;
    this.counts.set(author, next);
    return next;
  }
}
