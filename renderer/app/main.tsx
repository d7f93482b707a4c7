import { deskOfWindow } from '#renderer/bridge/window.ts';
import { openDesk } from './open-desk.tsx';

openDesk(deskOfWindow());
