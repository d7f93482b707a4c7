import type { AppError } from '#shared/lib/errors.ts';
import type { Id, RandomBytes } from '#shared/lib/ids.ts';
import type { Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { VisitorDown, VisitorRow } from '#shared/wire/visitor.ts';
import type { OpeningHours } from './opening.ts';

/** A web site that may embed the widget. */
export type Site = {
  org: string;
  id: Id;
  /** Its public name in the widget's address. */
  key: string;
  name: string;
  /** Where its conversations go. */
  teamId: Id;
  /** Exact origins (scheme, host, port) that may frame the widget; `self` is the hub's own. */
  allowedOrigins: readonly string[];
  hours: OpeningHours | null;
  /** Shown while closed, by language; the widget has its own words where a language is missing. */
  awayText: Readonly<Record<string, string>>;
};

/** One browser that wrote or may write. `subject` is who the site's server says it is; null means anonymous. */
export type Visitor = {
  org: string;
  id: Id;
  siteId: Id;
  subject: string | null;
  name: string | null;
  customerId: Id | null;
  isSignedOut: boolean;
};

/** What the site's server vouched for. */
export type Identity = { subject: string; name: string | null; email: string | null; expiresAt: number };

export type NewVisitor = {
  org: string;
  id: Id;
  siteId: Id;
  tokenHash: Uint8Array;
  identity: Identity | null;
  language: string;
  at: number;
};

/** Sites and visitors, kept in the tables of this slice. */
export interface VisitorStore {
  siteByKey(key: string): Promise<Site | null>;
  /** Finds by the hash of the current token, or of one just handed out and not yet used (which then becomes current). */
  visitorByToken(siteId: Id, tokenHash: Uint8Array, at: number): Promise<Visitor | null>;
  createVisitor(visitor: NewVisitor): Promise<Visitor>;
  /** Refreshes what the site's server says of the visitor; with a hash, also hands out the next token. */
  identify(visitor: Visitor, identity: Identity, language: string, nextTokenHash: Uint8Array | null): Promise<Visitor>;
  /** Log-out: the visitor's tokens never work again. */
  signOut(visitor: Visitor, at: number): Promise<void>;
  /** All visitors that are the same person: this one, and those of the same site with the same subject. */
  samePerson(visitor: Visitor): Promise<readonly Id[]>;
}

export type IncomingMessage = {
  org: string;
  channel: 'web';
  teamId: Id;
  visitorId: Id;
  /** Every visitor id of the same person, this one first: the open conversation of any of them is the one to join. */
  visitorIds: readonly Id[];
  customerId: Id | null;
  /** The name the desk shows when no customer record is known. */
  visitorName: string | null;
  /** The message id minted in the widget: the same id is stored once, whoever sends it again. */
  providerId: Id;
  text: string;
  sentAt: number;
  language: string;
};

export type Stored = { conversationId: Id; order: number; at: number };

/** Where a reader of public rows stands; `conversations` are those it already holds completely up to `seq`. */
export type PublicCursor = { seq: number; mark: string };

export type PublicPage =
  | { kind: 'page'; rows: readonly VisitorRow[]; upTo: PublicCursor; more: boolean }
  /** The hub does not know this position (restored backup, too old): read everything again. */
  | { kind: 'unknown' };

/** What the rest of the hub does for the widget. */
export interface WidgetPorts {
  clock: Clock;
  random: RandomBytes;
  visitors: VisitorStore;
  /** The secret shared with the site's server (HS256). */
  siteSecret(site: Pick<Site, 'org' | 'id'>): Promise<Uint8Array>;
  /** Stores a customer's message once and says where; the door is `server/channels/ingest`. */
  ingest(message: IncomingMessage): Promise<Result<Stored, AppError>>;
  /** The web conversations of these visitors, oldest first. */
  conversationsOf(org: string, visitorIds: readonly Id[]): Promise<readonly Id[]>;
  /**
   * Rows of `conversation:X:public` in one snapshot, in seq order: for `fresh` conversations all current rows
   * (the newest `limit`), for `known` ones those after `after`. `after` null asks for the head with `known` empty.
   */
  publicRows(ask: {
    org: string;
    fresh: readonly Id[];
    known: readonly Id[];
    after: PublicCursor | null;
    limit: number;
  }): Promise<PublicPage>;
  /** The customer's own position; batched and monotonic behind this call. */
  mark(mark: { org: string; conversation: Id; deliveredUpTo: number; readUpTo: number }): void;
  /** The customer types (or stopped); fleeting, may be lost. */
  typing(signal: { org: string; conversation: Id; isTyping: boolean }): void;
  /** Something refused or broken worth a line in the hub's log; never with text or tokens in it. */
  log(level: 'info' | 'warn' | 'error', event: string, detail: Readonly<Record<string, string | number>>): void;
}

/** One visitor's connection as the session sees it; the socket, or two queues in the simulated world. */
export interface VisitorLink {
  /** False when the other side reads so slowly that it must be cut off. */
  send(message: VisitorDown): boolean;
  close(): void;
}
