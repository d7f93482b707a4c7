import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Id } from '#shared/lib/ids.ts';

/** The places of the desk. */
export type Place = 'desk' | 'outbox' | 'people' | 'settings';

/** Where the person is. Counters that move the focus only ever grow. */
export interface Whereabouts {
  readonly place: Place;
  readonly conversationId: Id | null;
  /** which pane stands where only one fits */
  readonly pane: 'inbox' | 'conversation';
  /** changes when the composer should take the focus; null: it should not */
  readonly writeAt: number | null;
  /** changes when the selected row should take the focus */
  readonly listAt: number | null;
}

export interface Places {
  readonly store: StoreApi<Whereabouts>;
  go(place: Place): void;
  /** Shows a conversation; `isWriting` puts the focus into the composer. */
  show(conversationId: Id, isWriting: boolean): void;
  showInbox(): void;
  /** Goes where an address such as `/conversation/ID` leads; unknown ones lead to the desk. */
  follow(address: string): void;
}

/** The whereabouts of one person's session. */
export function createPlaces(start: Place): Places {
  const store = createStore<Whereabouts>(() => ({
    place: start,
    conversationId: null,
    pane: 'inbox',
    writeAt: null,
    listAt: null,
  }));
  let moves = 0;
  const next = (): number => {
    moves += 1;
    return moves;
  };
  const places: Places = {
    store,
    // Back at the desk the list takes the focus: nobody is left nowhere.
    go: (place) => store.setState({ place, writeAt: null, listAt: place === 'desk' ? next() : null }),
    show: (conversationId, isWriting) =>
      store.setState({
        place: 'desk',
        conversationId,
        pane: 'conversation',
        writeAt: isWriting ? next() : null,
        listAt: null,
      }),
    showInbox: () => store.setState({ place: 'desk', pane: 'inbox', writeAt: null, listAt: next() }),
    follow(address) {
      const [, kind, id] = address.split('/');
      if (kind === 'conversation' && id) places.show(id, true);
      else if (kind === 'outbox' || kind === 'people' || kind === 'settings') places.go(kind);
      else places.go('desk');
    },
  };
  return places;
}
