import { Notification } from 'electron';
import type { Notice } from '#shared/ipc/main.ts';
import type { DeskWindow } from './desk-window.ts';

export type Notices = {
  /** Shows a notice unless the person looks at the desk already; answers whether it was shown. */
  show(notice: Notice): boolean;
};

/** Notices of the operating system. A click brings the window forward and leads to the notice's place. */
export function createNotices(window: DeskWindow): Notices {
  // Held until closed: a notice that is collected as garbage no longer hears its click.
  const shown = new Map<string, Notification>();
  return {
    show({ title, body, tag, place }) {
      if (!Notification.isSupported() || window.isFocused()) return false;
      shown.get(tag)?.close();
      const notice = new Notification({ title, body });
      shown.set(tag, notice);
      const forget = (): void => {
        if (shown.get(tag) === notice) shown.delete(tag);
      };
      notice.on('click', () => {
        forget();
        window.open();
        if (place !== null) window.tell('navigate', { place });
      });
      notice.on('close', forget);
      notice.show();
      return true;
    },
  };
}
