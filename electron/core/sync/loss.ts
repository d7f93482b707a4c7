import type { LossWhy } from './connection.ts';

/** What a failed attempt or a lost line tells of the hub. Node's error codes and socket.io's own reasons. */
export function lossOf(reason: string): LossWhy {
  if (/ENETUNREACH|ENETDOWN|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|EADDRNOTAVAIL/.test(reason)) return 'no-network';
  if (/ECONNREFUSED|CERT|SELF_SIGNED|status code|unexpected server response|websocket error 4/i.test(reason))
    return 'refused';
  if (/ping timeout/.test(reason)) return 'silent';
  return 'no-answer';
}
