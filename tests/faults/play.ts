import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import type { Deeds } from './deeds.ts';
import type { DeskHand, Stage } from './hands.ts';
import type { SeenLine } from './message-checks.ts';

/** Whether everything is up and nothing is under way. */
export async function isAtRest(stage: Stage): Promise<boolean> {
  for (const desk of stage.desks) if ((await desk.link()) !== 'live' || (await desk.waiting()) > 0) return false;
  return stage.pages.every((page) => page.isAtRest);
}

/** What is in the way of rest, in words; empty when nothing is. */
export async function unrestOf(stage: Stage): Promise<string> {
  const words: string[] = [];
  for (const desk of stage.desks) {
    const [link, waiting] = [await desk.link(), await desk.waiting()];
    if (link !== 'live' || waiting > 0) words.push(`${desk.name} ${link}, ${waiting} waiting`);
  }
  for (const page of stage.pages) if (!page.isAtRest) words.push(`${page.name} ${page.link}`);
  return words.join('; ');
}

/** Whether a desk waits for its person. */
export async function isShut(desk: DeskHand): Promise<boolean> {
  const link = await desk.link();
  return link === 'locked' || link.startsWith('dismissed');
}

/** Signs in wherever a person is asked for, and lets everybody in again. */
export async function bringBack(stage: Stage, deeds: Deeds): Promise<void> {
  for (const desk of stage.desks) if (await isShut(desk)) await deeds.comeBack(desk);
  await deeds.enableAll();
}

/** The supervisor opens every conversation there is, and reads each as a screen shows it. */
export async function openAll(stage: Stage, conversations: readonly Id[]): Promise<void> {
  for (const conversationId of conversations) await stage.desks[0]?.call('conversation.open', { conversationId });
}

export async function readAll(stage: Stage, conversations: readonly Id[]): Promise<Map<Id, readonly SeenLine[]>> {
  const shown = new Map<Id, readonly SeenLine[]>();
  for (const id of conversations) shown.set(id, (await stage.desks[0]?.thread(id)) ?? []);
  return shown;
}

/** Waits on the computer's own clock until something is so; false when it is not within `ms`. */
export async function until(isSo: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = systemClock.monotonic() + ms; ; ) {
    if (await isSo()) return true;
    if (systemClock.monotonic() >= end) return false;
    await new Promise<void>((done) => systemClock.setTimeout(done, 50));
  }
}
