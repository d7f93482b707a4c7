/**
 * The layout of work.db, the only file that cannot be fetched again: each entry takes the file from the version before it to the
 * next, is written once, and never changes after a release. No live code is used here, only SQL.
 */
export const workMigrations: readonly string[] = [
  `create table meta(key text primary key, value text not null) without rowid;
   create table outbox(
     n integer primary key, id text not null unique, kind text not null, args text not null, subjects text not null,
     at integer not null, hub_at integer, offline integer not null, basis text not null, after text not null, sig text not null,
     state text not null check (state in ('waiting', 'sent', 'done', 'refused', 'held', 'failed', 'discarded')),
     error text, seq integer, sent_at integer, settled_at integer, conversation text);
   create index outbox_open on outbox(state, n) where state <> 'done';
   create index outbox_conversation on outbox(conversation, n) where conversation is not null;
   create index outbox_done on outbox(settled_at) where state = 'done';
   create table draft(
     conversation text primary key, text text not null, kind text not null, basis text not null, updated_at integer not null);
   create table draft_history(
     n integer primary key, conversation text not null, at integer not null, kind text not null, text text not null);
   create index draft_history_conversation on draft_history(conversation, n);`,
];

/** States in which an outbox item stands. `done` rows are the sent log. */
export const outboxStates = ['waiting', 'sent', 'done', 'refused', 'held', 'failed', 'discarded'] as const;
export type OutboxState = (typeof outboxStates)[number];

/** One row of `outbox` as it stands on disk; `args`, `subjects`, `basis`, `after` and `error` are JSON text. */
export type OutboxRow = {
  readonly n: number;
  readonly id: string;
  readonly kind: string;
  readonly args: string;
  readonly subjects: string;
  readonly at: number;
  readonly hub_at: number | null;
  readonly offline: number;
  readonly basis: string;
  readonly after: string;
  readonly sig: string;
  readonly state: OutboxState;
  readonly error: string | null;
  readonly seq: number | null;
  readonly sent_at: number | null;
  readonly settled_at: number | null;
  readonly conversation: string | null;
};
