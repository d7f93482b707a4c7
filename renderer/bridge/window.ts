import type { DeskApi } from '#shared/ipc/window-desk.ts';

declare global {
  interface Window {
    /** put there by the preload; not there in a plain browser */
    readonly desk: DeskApi;
  }
}

/** What the preload put on the window. Throws where there is none: this page only works inside the desk. */
export function deskOfWindow(): DeskApi {
  if (!('desk' in window)) throw new Error('this page only works inside the desk');
  return window.desk;
}
