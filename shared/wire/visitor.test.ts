import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { canonicalJson } from '#shared/lib/json.ts';
import {
  VISITOR_TEXT_MAX,
  VISITOR_WIRE_HISTORY,
  VISITOR_WIRE_VERSION,
  visitorDownSchema,
  visitorGreetingSchema,
  visitorUpSchema,
} from './visitor.ts';

/** When this changes, so has the wire: raise the version, add its history line, then put the new value here. */
const FINGERPRINT = { version: 1, sha256: '7e4eb8a4a82398dbcf037b94694c8a2d2e6e31ab9ae87ceb0289d497407b1702' };

const id = '019a9d3c-0000-7000-8000-000000000001';

describe('the visitor wire', () => {
  it('changes only together with its version number and a line of history', () => {
    const shape = { up: z.toJSONSchema(visitorUpSchema), down: z.toJSONSchema(visitorDownSchema) };
    const sha256 = createHash('sha256')
      .update(canonicalJson(JSON.parse(JSON.stringify(shape))))
      .digest('hex');
    expect({ version: VISITOR_WIRE_VERSION, sha256 }).toEqual(FINGERPRINT);
    expect(VISITOR_WIRE_HISTORY).toHaveLength(VISITOR_WIRE_VERSION);
    for (const [i, line] of VISITOR_WIRE_HISTORY.entries()) expect(line.startsWith(`${i + 1}: `)).toBe(true);
  });

  it('takes a text of the full length and refuses an empty or a longer one', () => {
    const parse = (text: string) => visitorUpSchema.safeParse({ t: 'message', id, text, at: 1 }).success;
    expect(parse('x'.repeat(VISITOR_TEXT_MAX))).toBe(true);
    expect(parse('x'.repeat(VISITOR_TEXT_MAX + 1))).toBe(false);
    expect(parse('')).toBe(false);
  });

  it('refuses ids, tokens and orders that are not of their form', () => {
    expect(visitorUpSchema.safeParse({ t: 'message', id: '../1', text: 'a', at: 1 }).success).toBe(false);
    expect(visitorUpSchema.safeParse({ t: 'mark', conversation: id, deliveredUpTo: -1, readUpTo: 0 }).success).toBe(
      false,
    );
    const hello = { t: 'hello', version: 1, site: 'shop', token: null, identity: null, language: 'en', cursor: null };
    expect(visitorUpSchema.safeParse(hello).success).toBe(true);
    expect(visitorUpSchema.safeParse({ ...hello, token: 'short' }).success).toBe(false);
    expect(visitorUpSchema.safeParse({ ...hello, site: 'A shop' }).success).toBe(false);
  });

  it('recognises the greeting of a version it does not know', () => {
    expect(visitorGreetingSchema.safeParse({ t: 'hello', version: 99, anything: ['else'] }).success).toBe(true);
  });

  it('answers anything at all with a value, never with an exception', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(visitorUpSchema.safeParse(value).success).toBe(false);
        expect(visitorDownSchema.safeParse(value).success).toBe(false);
      }),
    );
  });
});
