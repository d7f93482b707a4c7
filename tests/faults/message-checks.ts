import type { Id } from '#shared/lib/ids.ts';
import type { DiskItem } from './disk.ts';
import type { Findings } from './findings.ts';
import type { HubTruth } from './hub-checks.ts';
import type { Entry, Ledger } from './ledger.ts';

/** A line of a conversation as someone sees it. */
export interface SeenLine {
  readonly conversation: Id | null;
  readonly order: number | null;
  readonly text: string;
}

/** What a customer sees in the end. */
export interface PageView {
  readonly name: string;
  readonly lines: readonly SeenLine[];
}

export interface MessageEvidence {
  readonly ledger: Ledger;
  readonly truth: HubTruth;
  /** commands by desk, as they stand on its disk */
  readonly outboxes: ReadonlyMap<string, readonly DiskItem[]>;
  readonly pages: readonly PageView[];
  /** every conversation as the supervisor's desk shows it, read as a screen reads it */
  readonly shown: ReadonlyMap<Id, readonly SeenLine[]>;
}

function count<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** Every message arrived at the other side exactly once, or the one who wrote it is told that it did not. */
export function checkMessages(evidence: MessageEvidence, findings: Findings): void {
  const { ledger, truth, pages, shown } = evidence;
  const atHub = count([...truth.messages, ...truth.notes], (m) => m.text);
  const atLead = count([...shown.values()].flat(), (line) => line.text);
  const byPage = new Map(pages.map((page) => [page.name, count(page.lines, (line) => line.text)]));
  const readers = readersOf(pages);
  const place = new Map([...truth.messages, ...truth.notes].map((m) => [m.text, m.conversation]));
  for (const entry of ledger.entries) {
    const there = atHub.get(entry.text) ?? 0;
    if (there > 1) findings.add('duplicated', `${entry.text}: ${there} times at the hub`);
    if (there === 0) {
      checkMissing(entry, evidence, findings);
      continue;
    }
    const seen = atLead.get(entry.text) ?? 0;
    if (seen !== 1) findings.add(seen === 0 ? 'lost' : 'duplicated', `${entry.text}: the desk shows it ${seen} times`);
    if (entry.kind === 'note') continue;
    const mine = entry.kind === 'customer' ? [entry.author] : (readers.get(place.get(entry.text) ?? '') ?? []);
    for (const reader of mine) {
      const read = byPage.get(reader)?.get(entry.text) ?? 0;
      if (read !== 1)
        findings.add(read === 0 ? 'lost' : 'duplicated', `${entry.text}: ${reader} shows it ${read} times`);
    }
  }
  for (const text of atHub.keys()) if (!ledger.find(text)) findings.add('duplicated', `${text}: nobody wrote it`);
}

/** Which pages show which conversation. */
function readersOf(pages: readonly PageView[]): Map<Id, string[]> {
  const readers = new Map<Id, string[]>();
  for (const { name, lines } of pages) {
    for (const id of new Set(lines.map((line) => line.conversation))) {
      if (id !== null) readers.set(id, [...(readers.get(id) ?? []), name]);
    }
  }
  return readers;
}

/** What is not at the hub must stand in its writer's outbox with a reason, or be excused by what happened. */
function checkMissing(entry: Entry, { outboxes }: MessageEvidence, findings: Findings): void {
  if (entry.excuse !== null) return;
  const items = (outboxes.get(entry.author) ?? []).filter((item) => item.text === entry.text);
  const isTold = items.some((item) => ['refused', 'held', 'failed', 'discarded'].includes(item.state));
  if (!isTold)
    findings.add('lost', `${entry.text}: ${items.map((i) => `${i.n} ${i.state}`).join(', ') || 'no trace of it'}`);
}

/** Orders are unique, everybody sees them the same way, and each author's lines stand in the order they were written. */
export function checkOrder({ ledger, truth, pages, shown }: MessageEvidence, findings: Findings): void {
  const byConversation = new Map<Id, { order: number; text: string }[]>();
  for (const m of [...truth.messages, ...truth.notes]) {
    byConversation.set(m.conversation, [...(byConversation.get(m.conversation) ?? []), m]);
  }
  for (const [id, lines] of byConversation) {
    lines.sort((a, b) => a.order - b.order);
    if (new Set(lines.map((line) => line.order)).size !== lines.length)
      findings.add('diverged', `${id} gave one order twice`);
    checkAuthors(id, lines, ledger, findings);
    const truthOrder = new Map(lines.map((line) => [line.text, line.order]));
    const views: [string, readonly SeenLine[]][] = [
      ['the desk', shown.get(id) ?? []],
      ...pages.map((page): [string, SeenLine[]] => [page.name, page.lines.filter((line) => line.conversation === id)]),
    ];
    for (const [who, view] of views) checkView(`${who} of ${id}`, view, truthOrder, findings);
  }
}

function checkView(
  who: string,
  view: readonly SeenLine[],
  truthOrder: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  let last = 0;
  for (const { text } of view) {
    const order = truthOrder.get(text);
    if (order === undefined) continue;
    if (order <= last) findings.add('diverged', `${who}: ${text} stands after what came later`);
    last = order;
  }
}

function checkAuthors(id: Id, lines: readonly { text: string }[], ledger: Ledger, findings: Findings): void {
  const last = new Map<string, Entry>();
  for (const { text } of lines) {
    const entry = ledger.find(text);
    if (!entry) continue;
    const before = last.get(entry.author);
    if (before && before.place > entry.place)
      findings.add('diverged', `${id}: ${entry.author} wrote ${before.text} after ${entry.text}`);
    last.set(entry.author, entry);
  }
}

/** A page shows what its visitor wrote and what was answered, and nothing else. */
export function checkPages({ ledger, truth, pages }: MessageEvidence, findings: Findings): void {
  const speakers = new Map<Id, Set<string>>();
  for (const { conversation, text } of truth.messages) {
    const entry = ledger.find(text);
    if (entry?.kind === 'customer')
      speakers.set(conversation, (speakers.get(conversation) ?? new Set()).add(entry.author));
  }
  for (const { name, lines } of pages) {
    for (const { conversation, text } of lines) {
      const entry = ledger.find(text);
      if (entry?.kind === 'note') findings.add('leaked', `${name} sees the note ${text}`);
      if (entry?.kind === 'customer' && entry.author !== name) findings.add('leaked', `${name} sees ${text}`);
      const isTheirs = conversation === null || speakers.get(conversation)?.has(name);
      if (entry?.kind === 'reply' && !isTheirs)
        findings.add('leaked', `${name} sees ${text} of a conversation that is not theirs`);
    }
  }
}
