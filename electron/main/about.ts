import { app } from 'electron';
import type { About, RuntimeKind } from '#shared/ipc/main.ts';
import type { Language } from './copy.ts';

/** Version of Electron this desk is made for; put in by the bundler. */
declare const __ELECTRON_MADE_FOR__: string;

const majorOf = (version: string): string => version.split('.')[0] ?? '';

/** Another major version than the one we are made for is the stand-in: out of security support, never shipped. */
export function runtimeKind(running: string, madeFor: string): RuntimeKind {
  return majorOf(running) === majorOf(madeFor) ? 'official' : 'stand-in';
}

export const runningKind = (): RuntimeKind => runtimeKind(process.versions.electron ?? '', __ELECTRON_MADE_FOR__);

export function aboutDesk(hasKeychain: boolean, systemLanguage: Language): About {
  return {
    appVersion: app.getVersion(),
    runtimeKind: runningKind(),
    electron: process.versions.electron ?? '',
    chrome: process.versions.chrome ?? '',
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    isPackaged: app.isPackaged,
    hasKeychain,
    systemLanguage,
  };
}
