import type { HubContext } from '#server/context.ts';
import { devicesHolding } from '#server/replica/page.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';

/** Somebody is typing, for these desks. */
export interface TypingForDesks {
  readonly devices: readonly Id[];
  readonly message: { conversationId: Id; party: 'customer' | 'agent'; name: string; isTyping: boolean };
}

/** Fleeting signals of one node: told at once, kept nowhere, lost without harm. */
export interface Signals {
  customerTyping(org: Id, conversation: Id, name: string, isTyping: boolean): void;
  agentTyping(org: Id, conversation: Id, name: string, isTyping: boolean): void;
  onTyping(take: (signal: TypingForDesks) => void): void;
  /** an agent types to a customer; for the widget */
  onAgentTyping(take: (org: Id, conversation: Id, name: string, isTyping: boolean) => void): void;
}

/** Makes the signals of one node. Only desks that hold the conversation hear of it. */
export function makeSignals(ctx: Pick<HubContext, 'db' | 'log'>): Signals {
  const desks: ((signal: TypingForDesks) => void)[] = [];
  const visitors: ((org: Id, conversation: Id, name: string, isTyping: boolean) => void)[] = [];
  const toDesks = (org: Id, message: TypingForDesks['message']): void => {
    devicesHolding(ctx.db, org, scopeOf.conversation(message.conversationId))
      .then((devices) => {
        for (const take of desks) take({ devices, message });
      })
      .catch((error: unknown) => ctx.log.warn({ error: String(error) }, 'a typing signal was lost'));
  };
  return {
    customerTyping: (org, conversationId, name, isTyping) =>
      toDesks(org, { conversationId, party: 'customer', name, isTyping }),
    agentTyping(org, conversationId, name, isTyping) {
      toDesks(org, { conversationId, party: 'agent', name, isTyping });
      for (const take of visitors) take(org, conversationId, name, isTyping);
    },
    onTyping: (take) => void desks.push(take),
    onAgentTyping: (take) => void visitors.push(take),
  };
}
