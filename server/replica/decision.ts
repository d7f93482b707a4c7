import type { HubContext } from '#server/context.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { Actor, Envelope, Written } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Regrant } from './holdings.ts';
import type { RowWrite } from './row-write.ts';

/** Who sent a command or an ask, as the hub knows them. */
export interface HubActor extends Actor {
  readonly org: Id;
  readonly deviceId: Id;
  readonly name: string;
}

/** A command about to be decided. `now` is hub time. */
export interface Deciding<A> extends Written<A> {
  readonly org: Id;
  readonly now: number;
  readonly actor: HubActor;
  readonly envelope: Envelope;
}

/** What a handler decided: the rows to replicate (its own tables are written already), or why not. */
export type Decision =
  | {
      readonly ok: true;
      readonly rows: readonly RowWrite[];
      readonly regrant?: Regrant;
      /** what it touched, for the audit: `entity:id` */
      readonly subjects: readonly string[];
      readonly detail?: Record<string, string | number | boolean | null>;
    }
  | { readonly ok: false; readonly error: AppError };

/** Decides one kind of command inside the open transaction: locks, the shared rule, its own tables; never the stream. */
export type Handler<A = unknown> = {
  decide(tx: WriteTx, command: Deciding<A>): Promise<Decision>;
}['decide'];

/** An ask about to be answered. `now` is hub time. */
export interface Asking<A> {
  readonly ctx: HubContext;
  readonly actor: HubActor;
  readonly args: A;
  readonly now: number;
}

/** What an ask did, and what it answers; or why not. */
export type AskAnswer =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly rows: readonly RowWrite[];
      readonly regrant?: Regrant;
      readonly subjects: readonly string[];
      readonly detail?: Record<string, string | number | boolean | null>;
    }
  | { readonly ok: false; readonly error: AppError };

/** Answers one kind of ask inside the open transaction. */
export type AskHandler<A = unknown> = {
  answer(tx: WriteTx, asking: Asking<A>): Promise<AskAnswer>;
}['answer'];
