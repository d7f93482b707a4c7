import * as z from 'zod/mini';
import type { HubContext } from '#server/context.ts';
import { devicesHolding } from '#server/replica/page.ts';
import { type Id, idSchema } from '#shared/lib/ids.ts';
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
  /** what another node passed on (`onPass` there) */
  hear(text: string): void;
  /** what the other nodes should hear */
  onPass(take: (text: string) => void): void;
}

const typingSchema = z.object({
  org: idSchema,
  conversationId: idSchema,
  party: z.enum(['customer', 'agent']),
  name: z.string(),
  isTyping: z.boolean(),
});
type Typing = z.infer<typeof typingSchema>;

function parse(text: string): Typing | null {
  try {
    const parsed = z.safeParse(typingSchema, JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Makes the signals of one node. Only desks that hold the conversation hear of it. */
export function makeSignals(ctx: Pick<HubContext, 'db' | 'log'>): Signals {
  const desks: ((signal: TypingForDesks) => void)[] = [];
  const visitors: ((org: Id, conversation: Id, name: string, isTyping: boolean) => void)[] = [];
  const passes: ((text: string) => void)[] = [];
  const tell = ({ org, ...message }: Typing): void => {
    devicesHolding(ctx.db, org, scopeOf.conversation(message.conversationId))
      .then((devices) => {
        for (const take of desks) take({ devices, message });
      })
      .catch((error: unknown) => ctx.log.warn({ error: String(error) }, 'a typing signal was lost'));
    if (message.party !== 'agent') return;
    for (const take of visitors) take(org, message.conversationId, message.name, message.isTyping);
  };
  const tellAll = (typing: Typing): void => {
    tell(typing);
    for (const pass of passes) pass(JSON.stringify(typing));
  };
  return {
    customerTyping: (org, conversationId, name, isTyping) =>
      tellAll({ org, conversationId, party: 'customer', name, isTyping }),
    agentTyping: (org, conversationId, name, isTyping) =>
      tellAll({ org, conversationId, party: 'agent', name, isTyping }),
    onTyping: (take) => void desks.push(take),
    onAgentTyping: (take) => void visitors.push(take),
    hear(text) {
      const typing = parse(text);
      if (typing) tell(typing);
      else ctx.log.warn({}, 'another node sent what is no signal');
    },
    onPass: (take) => void passes.push(take),
  };
}
