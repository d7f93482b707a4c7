import { type ReactNode, useEffect, useRef } from 'react';
import { PaneHeader } from './panes.tsx';
import { takeFocus } from './take-focus.ts';

export interface ScreenProps {
  title: string;
  /** Facts beside the title. */
  facts?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A place of its own beside the desk: outbox, people, settings. One column that scrolls, also by keys. */
export function Screen({ title, facts, actions, children }: ScreenProps) {
  const body = useRef<HTMLDivElement>(null);
  // Who comes here must not be left nowhere; a part that has taken the focus by itself keeps it, and before anybody has
  // touched anything there is nobody to lead.
  useEffect(() => {
    if (!navigator.userActivation.hasBeenActive) return;
    return takeFocus(() => body.current);
  }, []);
  return (
    <div className="flex h-full min-w-0 flex-col bg-pane">
      <PaneHeader title={title} actions={actions}>
        {facts}
      </PaneHeader>
      <div
        ref={body}
        role="region"
        aria-label={title}
        tabIndex={0}
        className="ring-focus-inside min-h-0 flex-1 overflow-auto"
      >
        <div className="flex w-full max-w-5xl flex-col gap-6 px-4 py-5">{children}</div>
      </div>
    </div>
  );
}

/** A part of a screen under its own heading. */
export function ScreenPart({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="m-0 text-md font-semibold">{title}</h2>
        <span className="ms-auto flex flex-wrap items-center gap-2">{actions}</span>
      </div>
      {children}
    </section>
  );
}

/** A secret shown once: large, selectable, in letters that cannot be mistaken for one another. */
export function SecretText({ children, label }: { children: string; label: string }) {
  return (
    <output
      aria-label={label}
      className="block rounded-m border border-line-strong bg-sunken px-4 py-3 text-center font-mono text-xl text-ink select-all [overflow-wrap:anywhere]"
    >
      {children}
    </output>
  );
}
