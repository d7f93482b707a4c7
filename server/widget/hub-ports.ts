import * as z from 'zod/mini';
import { ingestCustomerMessage } from '#server/channels/ingest.ts';
import type { HubContext } from '#server/context.ts';
import { conversationById, conversationIdsOfVisitors } from '#server/conversation/handle.ts';
import { customerByExternal } from '#server/customer/handle.ts';
import { readScopes, type ScopeRow } from '#server/replica/scopes.ts';
import type { Tail } from '#server/replica/tail.ts';
import { messageSchema, receiptSchema } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { ok } from '#shared/lib/result.ts';
import { parseScope, scopeOf } from '#shared/lib/scope.ts';
import type { VisitorRow } from '#shared/wire/visitor.ts';
import type { VisitorGateway } from './gateway.ts';
import type { WidgetPorts } from './ports.ts';
import { databaseVisitors, secretOfSite } from './store.ts';

/** The parts of a hub the widget stands on. */
export interface WidgetHub {
  readonly ctx: HubContext;
  readonly tail: Tail;
  readonly marks: {
    add(
      org: Id,
      mark: { conversationId: Id; party: 'customer' | 'agent'; deliveredUpTo: number; readUpTo: number },
    ): void;
  };
  readonly signals: {
    customerTyping(org: Id, conversation: Id, name: string, isTyping: boolean): void;
    onAgentTyping(take: (org: Id, conversation: Id, name: string, isTyping: boolean) => void): void;
  };
}

/** A visitor whom nobody vouched for, told apart from others by the last digits of their id. */
function guestName(visitor: Id): string {
  return `Guest ${visitor.slice(-4).toUpperCase()}`;
}

function parseBody<T>(schema: z.core.$ZodType<T>, body: string): T | null {
  const parsed = z.safeParse(schema, JSON.parse(body));
  return parsed.success ? parsed.data : null;
}

/** What a customer sees of a row: named fields only, so that what a row gains later does not get out by itself. */
export function toVisitorRow({ scope, entity, id, body }: ScopeRow): VisitorRow | null {
  const place = parseScope(scope);
  if (place?.kind !== 'conversation' || place.part !== 'public') return null;
  const conversation = place.id;
  if (entity === 'message') {
    if (body === null) return { k: 'gone', conversation, id };
    const message = parseBody(messageSchema, body);
    if (!message) return null;
    const { from, authorName, text, at, order } = message;
    const name = from === 'customer' ? null : authorName;
    return { k: 'message', conversation, id, order: order ?? 0, from, name, text, at };
  }
  if (entity !== 'receipt' || body === null) return null;
  const receipt = parseBody(receiptSchema, body);
  if (!receipt) return null;
  const { party: side, deliveredUpTo, readUpTo } = receipt;
  return { k: 'receipt', conversation, side, deliveredUpTo, readUpTo };
}

/** The widget's ports on a real hub. */
export function hubPorts({ ctx, marks, signals }: WidgetHub): WidgetPorts {
  const { db, clock, random } = ctx;
  return {
    clock,
    random,
    visitors: databaseVisitors(db, async (org, subject) => (await customerByExternal(db, org, subject))?.id ?? null),
    siteSecret: ({ org, id }) => secretOfSite(db, org, id),
    async ingest({ visitorName, ...message }) {
      const stored = await ingestCustomerMessage(ctx, {
        ...message,
        visitorName: visitorName ?? guestName(message.visitorId),
      });
      const { conversationId, order, at } = stored;
      return ok({ conversationId, order, at });
    },
    conversationsOf: (org, visitorIds) => conversationIdsOfVisitors(db, org, visitorIds),
    async publicRows({ org, fresh, known, after, limit }) {
      const page = await readScopes(db, {
        org,
        fresh: fresh.map(scopeOf.publicOf),
        known: known.map(scopeOf.publicOf),
        after,
        limit,
      });
      if (page === null) return { kind: 'unknown' };
      const rows = page.rows.flatMap((row) => toVisitorRow(row) ?? []);
      return { kind: 'page', rows, upTo: page.upTo, more: page.more };
    },
    mark({ org, conversation, deliveredUpTo, readUpTo }) {
      // Nobody has read further than there is something to read.
      conversationById(db, org, conversation)
        .then((head) => {
          if (!head) return;
          const most = head.lastOrder;
          const [delivered, read] = [Math.min(most, deliveredUpTo), Math.min(most, readUpTo)];
          marks.add(org, { conversationId: conversation, party: 'customer', deliveredUpTo: delivered, readUpTo: read });
        })
        .catch((error: unknown) =>
          ctx.log.warn({ error: String(error) }, 'a visitor’s read mark was lost; it comes again'),
        );
    },
    typing({ org, conversation, isTyping }) {
      conversationById(db, org, conversation)
        .then((head) => head && signals.customerTyping(org, conversation, head.customerName, isTyping))
        .catch((error: unknown) => ctx.log.warn({ error: String(error) }, 'a visitor’s typing signal was lost'));
    },
    log: (level, event, detail) => ctx.log[level]({ ...detail }, event),
  };
}

/** Tells the visitors of this node what happens in the hub. */
export function followHub({ tail, signals }: WidgetHub, gateway: VisitorGateway): void {
  tail.onNews(({ scopes }) => {
    if (scopes === null) return gateway.rowsChanged(null);
    const touched = new Set<Id>();
    for (const text of scopes) {
      const scope = parseScope(text);
      if (scope?.kind === 'conversation' && scope.part === 'public') touched.add(scope.id);
    }
    if (touched.size > 0) gateway.rowsChanged(touched);
  });
  signals.onAgentTyping((_org, conversation, name, isTyping) => gateway.agentTyping(conversation, name, isTyping));
}
