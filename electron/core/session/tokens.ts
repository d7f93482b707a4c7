import * as z from 'zod/mini';
import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import type { Store } from '#core/db/open.ts';
import { signed } from '#core/db/signing.ts';
import { type DeviceKey, readMeta, writeMeta } from '#core/db/work-meta.ts';
import type { Id } from '#shared/lib/ids.ts';
import { refreshAnswer, sessionTokens } from '#shared/wire/http.ts';
import { askHub, type Http } from './hub-http.ts';

export type Tokens = z.infer<typeof sessionTokens>;

const key = 'session.tokens';

/** The tokens of this profile, kept in the encrypted file; null before sign-in. */
export function readTokens(db: ReadDb): Tokens | null {
  const text = readMeta(db, key);
  if (text === null) return null;
  const parsed = z.safeParse(sessionTokens, JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

export function keepTokens(tx: WriteDb, tokens: Tokens): void {
  writeMeta(tx, key, JSON.stringify(tokens));
}

export interface RefreshParts {
  readonly http: Http;
  readonly address: string;
  readonly store: Store;
  readonly deviceId: Id;
  readonly deviceKey: DeviceKey;
  /** the hub's time as far as this desk knows (epoch ms) */
  readonly hubNow: () => number;
}

/**
 * Trades the refresh token for new tokens, signed with the device's key. `refused` = a person has to sign in again. When the answer is
 * lost the hub still takes the old token the next time.
 */
export async function refreshTokens(parts: RefreshParts): Promise<'ok' | 'refused' | 'unreachable'> {
  const { http, address, store, deviceId, deviceKey, hubNow } = parts;
  const held = store.read(readTokens);
  if (!held.ok || held.value === null) return 'refused';
  const asked = { deviceId, refresh: held.value.refresh, at: hubNow() };
  const body = { ...asked, sig: signed(asked, deviceKey) };
  const answer = await askHub(http, { address, path: '/v1/refresh', body, bearer: null }, refreshAnswer);
  if (!answer.ok) return answer.error.origin === 'hub' && answer.error.retry === 'never' ? 'refused' : 'unreachable';
  const kept = store.write((tx) => keepTokens(tx, answer.value.tokens));
  return kept.ok ? 'ok' : 'unreachable';
}
