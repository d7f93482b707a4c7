import { deskOfWindow } from '#renderer/bridge/window.ts';
import { openDesk } from './open-desk.tsx';

// In development the page can be looked at in a plain browser, with a desk that lives in its memory.
if (import.meta.env.DEV && !('desk' in window)) void import('./preview.tsx').then(({ preview }) => preview());
else openDesk(deskOfWindow());
