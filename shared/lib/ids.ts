import * as z from 'zod/mini';
import type { Clock } from './time.ts';

/** An id: a UUID in lower case, normally version 7 (RFC 9562), whose first 48 bits are the time it was minted. */
export const idSchema = z.string().check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));
export type Id = string;

/** Fills a buffer with random bytes; `crypto.getRandomValues` in the product, seeded in the simulated world. */
export type RandomBytes = (into: Uint8Array<ArrayBuffer>) => void;

export const secureRandom: RandomBytes = (into) => {
  crypto.getRandomValues(into);
};

/**
 * Mints time-ordered ids (UUID version 7, RFC 9562 section 5.7, method 1: a counter in rand_a keeps ids of one
 * millisecond in order, and the time never runs back even when the clock does).
 */
export class IdMint {
  private last = 0;
  private counter = 0;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly random: RandomBytes;

  constructor(clock: Pick<Clock, 'now'>, random: RandomBytes = secureRandom) {
    this.clock = clock;
    this.random = random;
  }

  next(): Id {
    const now = this.clock.now();
    const bytes = new Uint8Array(16);
    this.random(bytes);
    if (now > this.last) {
      this.last = now;
      this.counter = (bytes[6] ?? 0) & 0x07;
    } else {
      this.counter += 1;
      if (this.counter > 0xfff) {
        this.last += 1;
        this.counter = 0;
      }
    }
    let time = this.last;
    for (let i = 5; i >= 0; i -= 1) {
      bytes[i] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = 0x70 | (this.counter >> 8);
    bytes[7] = this.counter & 0xff;
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
