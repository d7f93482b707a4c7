import { useMemo } from 'react';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import type { CoreLine } from '#renderer/bridge/core-line.ts';
import * as conversationCalls from '#shared/conversation/calls.ts';
import * as conversationCommands from '#shared/conversation/commands.ts';
import type { Resolution } from '#shared/conversation/model.ts';
import * as inboxCommands from '#shared/inbox/commands.ts';
import type { Actor } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Result } from '#shared/lib/result.ts';
import * as sessionCalls from '#shared/session/calls.ts';
import type { Me } from '#shared/session/model.ts';
import type { Writing } from './drafts.ts';

/** Who acts, as the shared rules want it. */
export function actorOf(me: Me): Actor {
  return { personId: me.person.id, role: me.person.role, teamIds: me.person.teamIds };
}

type Done = Promise<AppError | null>;

async function done(answer: Promise<Result<unknown>>): Done {
  const result = await answer;
  return result.ok ? null : result.error;
}

/** What can be done with one conversation; each answers null, or why it was refused at this desk. */
export interface ConversationActions {
  /** Sends a reply or a note. `seen` = the newest customer message on screen. A conversation nobody has is taken first. */
  send(writing: Pick<Writing, 'kind' | 'text'>, isUnowned: boolean, seen: number): Done;
  take(): Done;
  release(): Done;
  move(teamId: Id, reason: string): Done;
  resolve(resolution: Resolution, comment: string, seen: number): Done;
  open(): Done;
  seenUpTo(order: number): void;
  typing(isTyping: boolean): void;
  sendAgain(ns: readonly number[]): Done;
  giveUp(ns: readonly number[], reason: string): Done;
}

function actionsOf(core: CoreLine, conversationId: Id): ConversationActions {
  return {
    async send({ kind, text }, isUnowned, seen) {
      const basis = { lastCustomerOrder: seen };
      if (kind === 'note') return done(core.command(conversationCommands.note, { conversationId, text }, basis));
      if (isUnowned) {
        const refused = await done(core.command(inboxCommands.take, { conversationId }));
        if (refused) return refused;
      }
      return done(core.command(conversationCommands.reply, { conversationId, text }, basis));
    },
    take: () => done(core.command(inboxCommands.take, { conversationId })),
    release: () => done(core.command(inboxCommands.release, { conversationId, reason: '' })),
    move: (teamId, reason) => done(core.command(inboxCommands.move, { conversationId, teamId, reason })),
    resolve: (resolution, comment, seen) =>
      done(
        core.command(
          conversationCommands.resolve,
          { conversationId, resolution, comment },
          { lastCustomerOrder: seen },
        ),
      ),
    open: () => done(core.call(conversationCalls.open, { conversationId })),
    seenUpTo: (order) => void core.call(conversationCalls.seen, { conversationId, upTo: order }),
    typing: (isTyping) => void core.call(conversationCalls.typing, { conversationId, isTyping }),
    sendAgain: (ns) => done(core.call(sessionCalls.sendAgain, { ns: [...ns] })),
    giveUp: (ns, reason) => done(core.call(sessionCalls.giveUp, { ns: [...ns], reason })),
  };
}

/** The actions of one conversation. */
export function useConversationActions(conversationId: Id): ConversationActions {
  const { core } = useBridge();
  return useMemo(() => actionsOf(core, conversationId), [core, conversationId]);
}
