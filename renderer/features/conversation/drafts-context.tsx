import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import type { Id } from '#shared/lib/ids.ts';
import { Drafts, type Writing } from './drafts.ts';

const DraftsContext = createContext<Drafts | null>(null);

/** Keeps what is being written for the person signed in; key it by the profile. Closing the window saves at once. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const { core, clock } = useBridge();
  const drafts = useMemo(() => new Drafts(core, clock), [core, clock]);
  useEffect(() => drafts.begin(), [drafts]);
  useEffect(() => {
    const save = (): void => void drafts.flushAll();
    window.addEventListener('pagehide', save);
    window.addEventListener('blur', save);
    return () => {
      window.removeEventListener('pagehide', save);
      window.removeEventListener('blur', save);
    };
  }, [drafts]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (!drafts) throw new Error('no drafts around this part of the screen');
  return drafts;
}

/** What is being written in a conversation; undefined until it is known. */
export function useWriting(drafts: Drafts, id: Id): Writing | undefined {
  return useStore(drafts.store, (s) => s.byConversation[id]);
}
