import * as conversationCalls from './conversation/calls.ts';
import * as conversationCommands from './conversation/commands.ts';
import * as conversationQueries from './conversation/queries.ts';
import * as customerQueries from './customer/queries.ts';
import * as inboxCommands from './inbox/commands.ts';
import * as inboxQueries from './inbox/queries.ts';
import type { CommandDef } from './lib/command.ts';
import type { CallDef, QueryDef } from './lib/query.ts';
import * as sessionCalls from './session/calls.ts';
import * as sessionCommands from './session/commands.ts';
import * as sessionQueries from './session/queries.ts';

function byKey<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(key(item))) throw new Error(`declared twice: ${key(item)}`);
    map.set(key(item), item);
  }
  return map;
}

const commandList: CommandDef[] = [
  conversationCommands.reply,
  conversationCommands.note,
  conversationCommands.resolve,
  inboxCommands.take,
  inboxCommands.release,
  inboxCommands.move,
  sessionCommands.voided,
  sessionCommands.discard,
];

const queryList: QueryDef[] = [
  conversationQueries.thread,
  conversationQueries.head,
  conversationQueries.draft,
  customerQueries.card,
  inboxQueries.list,
  sessionQueries.stage,
  sessionQueries.status,
  sessionQueries.outbox,
  sessionQueries.people,
  sessionQueries.devices,
];

const callList: CallDef[] = [
  conversationCalls.open,
  conversationCalls.close,
  conversationCalls.saveDraft,
  conversationCalls.seen,
  conversationCalls.typing,
  sessionCalls.enrol,
  sessionCalls.signIn,
  sessionCalls.unlock,
  sessionCalls.lock,
  sessionCalls.signOut,
  sessionCalls.changePassword,
  sessionCalls.present,
  sessionCalls.sendAgain,
  sessionCalls.giveUp,
  sessionCalls.reconnect,
  sessionCalls.addPerson,
  sessionCalls.changePerson,
  sessionCalls.disablePerson,
  sessionCalls.resetPassword,
  sessionCalls.addTeam,
  sessionCalls.renameTeam,
  sessionCalls.revokeDevice,
  sessionCalls.issueCode,
];

/** Every command by its kind. */
export const commands = byKey(commandList, (c) => c.kind);
/** Every query by its name. */
export const queries = byKey(queryList, (q) => q.name);
/** Every call by its name. */
export const calls = byKey(callList, (c) => c.name);
