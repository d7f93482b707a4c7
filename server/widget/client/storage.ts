import * as z from 'zod/mini';
import { type Id, idSchema } from '#shared/lib/ids.ts';

/** The part of Web Storage we use; the iframe's localStorage, or memory where the browser forbids it. */
export interface KeyValue {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Storage that lives as long as the page. */
export function memoryStorage(): KeyValue {
  const map = new Map<string, string>();
  return {
    get length() {
      return map.size;
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

/** The browser's storage when it works, else memory. */
export function browserStorage(): { storage: KeyValue; isKept: boolean } {
  try {
    const probe = 'fairlead.probe';
    localStorage.setItem(probe, '1');
    localStorage.removeItem(probe);
    return { storage: localStorage, isKept: true };
  } catch {
    return { storage: memoryStorage(), isKept: false };
  }
}

const unsentSchema = z.object({
  id: idSchema,
  text: z.string(),
  at: z.int(),
  /** Its place among what waits: the clock, and with it ids, may have been set back between two visits. */
  place: z.int(),
  /** The hub refused it for good; it waits for the customer to decide. */
  isRefused: z.boolean(),
});
/** A message of the customer's that the hub has not accepted yet. */
export type Unsent = z.infer<typeof unsentSchema>;

/** Whose data a slot holds: nobody known, or one subject of the site. */
export type Slot = string;
export const ANONYMOUS: Slot = 'anonymous';

/** The slot of an identity, from its subject (read, not trusted: the hub checks). Null when it is no JWT. */
export function slotOf(jwt: string): Slot | null {
  try {
    const payload = (jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    const claims = z.object({ sub: z.string() }).safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return claims.success ? `s-${shortHash(claims.data.sub)}` : null;
  } catch {
    return null;
  }
}

/** FNV-1a, twice with different seeds: a name for a key, nothing secret. */
function shortHash(text: string): string {
  const run = (seed: number): string => {
    let hash = seed;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    return hash.toString(36);
  };
  return `${run(0x811c9dc5)}${run(0x050c5d1f)}`;
}

/**
 * What one site's widget keeps in the browser: per slot the token, the draft, and each unsent message under a key of its
 * own, so that two tabs writing at once cannot lose each other's.
 */
export class WidgetStore {
  private readonly storage: KeyValue;
  private readonly prefix: string;

  constructor(storage: KeyValue, site: string) {
    this.storage = storage;
    this.prefix = `fairlead.${site}.`;
  }

  token(slot: Slot): string | null {
    return this.storage.getItem(this.name(slot, 'token'));
  }

  setToken(slot: Slot, token: string): void {
    this.write(this.name(slot, 'token'), token);
  }

  draft(slot: Slot): string {
    return this.storage.getItem(this.name(slot, 'draft')) ?? '';
  }

  setDraft(slot: Slot, text: string): void {
    if (text === '') this.storage.removeItem(this.name(slot, 'draft'));
    else this.write(this.name(slot, 'draft'), text);
  }

  /** All unsent messages of a slot in the order they are to go. */
  unsent(slot: Slot): Unsent[] {
    const start = this.name(slot, 'unsent.');
    const found: Unsent[] = [];
    for (const key of this.keys(start)) {
      const parsed = unsentSchema.safeParse(readJson(this.storage.getItem(key)));
      if (parsed.success) found.push(parsed.data);
      else this.storage.removeItem(key);
    }
    return found.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  }

  putUnsent(slot: Slot, message: Unsent): void {
    this.write(this.name(slot, `unsent.${message.id}`), JSON.stringify(message));
  }

  removeUnsent(slot: Slot, id: Id): void {
    this.storage.removeItem(this.name(slot, `unsent.${id}`));
  }

  /** An anonymous visitor signed in at the site: what they wrote and their token become the known one's. */
  adoptAnonymous(slot: Slot): void {
    const from = this.name(ANONYMOUS, '');
    for (const key of this.keys(from)) {
      const value = this.storage.getItem(key);
      if (value !== null) this.write(this.name(slot, key.slice(from.length)), value);
      this.storage.removeItem(key);
    }
  }

  /** Forgets every slot but these. */
  keepOnly(slots: readonly Slot[]): void {
    const keep = slots.map((slot) => this.name(slot, ''));
    for (const key of this.keys(this.prefix)) {
      if (!keep.some((start) => key.startsWith(start))) this.storage.removeItem(key);
    }
  }

  forget(slot: Slot): void {
    for (const key of this.keys(this.name(slot, ''))) this.storage.removeItem(key);
  }

  /** True when a storage event's key is the token of this slot (null: everything was cleared). */
  isTokenKey(slot: Slot, key: string | null): boolean {
    return key === null || key === this.name(slot, 'token');
  }

  private name(slot: Slot, rest: string): string {
    return `${this.prefix}${slot}.${rest}`;
  }

  private keys(start: string): string[] {
    const keys = Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i));
    return keys.filter((key): key is string => key?.startsWith(start) ?? false);
  }

  private write(key: string, value: string): void {
    try {
      this.storage.setItem(key, value);
    } catch {
      // Storage is full or was just forbidden: the page still holds everything in memory.
    }
  }
}

function readJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
