import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreLine } from '#renderer/bridge/core-line.ts';
import * as conversationCalls from '#shared/conversation/calls.ts';
import type { Draft } from '#shared/conversation/model.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';

/** What is being written in one conversation. */
export interface Writing {
  readonly kind: 'reply' | 'note';
  readonly text: string;
  /** saved: on disk as it stands; saving: not yet; unsaved: the disk refused it, with the reason */
  readonly state: 'saved' | 'saving' | 'unsaved';
  readonly error: AppError | null;
}

/** A pause of this length saves (ms); so does this time since the first unsaved key stroke. */
export const savePauseMs = 300;
export const saveWithinMs = 800;

const empty: Writing = { kind: 'reply', text: '', state: 'saved', error: null };

interface Pending {
  pause: Timer;
  limit: Timer;
}

/**
 * What is being written, per conversation, and on its way to the disk. Lives as long as the page, so that switching
 * conversations never loses or mixes a text; the core keeps the copy that survives.
 */
export class Drafts {
  readonly store: StoreApi<{ readonly byConversation: Readonly<Record<Id, Writing>> }> = createStore(() => ({
    byConversation: {},
  }));
  private readonly pending = new Map<Id, Pending>();
  private readonly line: CoreLine;
  private readonly clock: Clock;
  private isOver = false;

  constructor(line: CoreLine, clock: Clock) {
    this.line = line;
    this.clock = clock;
  }

  /**
   * From now on what could not be saved is tried again when the core comes back. Answers the end of it: whoever is at the
   * core by then may be another person, so nothing more is saved.
   */
  begin(): () => void {
    this.isOver = false;
    const stop = this.line.onState((state) => {
      if (state === 'open') void this.flushAll();
    });
    return () => {
      this.isOver = true;
      stop();
      for (const id of [...this.pending.keys()]) this.settleTimers(id);
    };
  }

  /** What is being written there; undefined until something was loaded or typed. */
  of(id: Id): Writing | undefined {
    return this.store.getState().byConversation[id];
  }

  /** Takes what the disk had, unless something was typed meanwhile. */
  load(id: Id, draft: Draft | null): void {
    if (this.of(id) !== undefined) return;
    this.put(id, draft === null ? empty : { ...empty, kind: draft.kind, text: draft.text });
  }

  /** A key stroke, or the switch between reply and note. */
  write(id: Id, change: Partial<Pick<Writing, 'kind' | 'text'>>): void {
    const before = this.of(id) ?? empty;
    this.put(id, { ...before, ...change, state: 'saving', error: null });
    const pending = this.pending.get(id);
    pending?.pause.cancel();
    const save = (): void => void this.flush(id);
    this.pending.set(id, {
      pause: this.clock.setTimeout(save, savePauseMs),
      limit: pending?.limit ?? this.clock.setTimeout(save, saveWithinMs),
    });
  }

  /** Saves now what is not saved. */
  async flush(id: Id): Promise<void> {
    this.settleTimers(id);
    const writing = this.of(id);
    if (this.isOver || !writing || writing.state === 'saved') return;
    const { kind, text } = writing;
    const answer = await this.line.call(conversationCalls.saveDraft, { conversationId: id, kind, text });
    const now = this.of(id);
    // Typed on meanwhile: the newer text has its own turn.
    if (!now || now.text !== text || now.kind !== kind) return;
    this.put(
      id,
      answer.ok ? { ...now, state: 'saved', error: null } : { ...now, state: 'unsaved', error: answer.error },
    );
  }

  /** Saves everything that is not saved: the window closes, the core came back. */
  async flushAll(): Promise<void> {
    await Promise.all(Object.keys(this.store.getState().byConversation).map((id) => this.flush(id)));
  }

  /** Takes the text away to be sent; the copy on disk stays until `sent` or `giveBack`. */
  take(id: Id): Writing | undefined {
    const writing = this.of(id);
    this.settleTimers(id);
    if (writing) this.put(id, { ...writing, text: '', state: 'saved', error: null });
    return writing;
  }

  /** The text taken is safely in the outbox: its draft ends, or becomes what was typed meanwhile. */
  async sent(id: Id): Promise<void> {
    const now = this.of(id);
    // Words begun as a note stay one; an empty field is for the customer again.
    if (now) this.put(id, { ...now, kind: now.text === '' ? 'reply' : now.kind, state: 'saving' });
    await this.flush(id);
  }

  /** The text taken could not be sent: back to where it was, before whatever was typed meanwhile. */
  giveBack(id: Id, writing: Pick<Writing, 'kind' | 'text'>): void {
    const typed = this.of(id)?.text ?? '';
    this.write(id, { kind: writing.kind, text: typed === '' ? writing.text : `${writing.text}\n${typed}` });
  }

  /** No save is due any more. */
  private settleTimers(id: Id): void {
    const pending = this.pending.get(id);
    pending?.pause.cancel();
    pending?.limit.cancel();
    this.pending.delete(id);
  }

  private put(id: Id, writing: Writing): void {
    this.store.setState(({ byConversation }) => ({ byConversation: { ...byConversation, [id]: writing } }));
  }
}
