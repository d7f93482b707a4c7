import type { CoreLine } from '#renderer/bridge/core-line.ts';
import * as conversationCalls from '#shared/conversation/calls.ts';
import type { Id } from '#shared/lib/ids.ts';

/** How many conversations that were only looked at stay on this computer. */
export const keptOpen = 12;

const lists = new WeakMap<CoreLine, Id[]>();

/**
 * Notes that a conversation is on screen. Of those that were opened to look, the ones looked at longest ago are given back to the
 * hub, so that a desk does not gather what is none of its work. What the person owns stays: it rests on owning, not on looking.
 */
export function lookedAt(core: CoreLine, id: Id, isNewlyOpened: boolean): void {
  const list = lists.get(core) ?? [];
  lists.set(core, list);
  const at = list.indexOf(id);
  if (at < 0 && !isNewlyOpened) return;
  if (at >= 0) list.splice(at, 1);
  list.push(id);
  const oldest = list.length > keptOpen ? list.shift() : undefined;
  if (oldest !== undefined) void core.call(conversationCalls.close, { conversationId: oldest });
}
