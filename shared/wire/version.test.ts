import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { canonicalJson } from '#shared/lib/json.ts';
import * as http from './http.ts';
import { downSchema, upSchema } from './messages.ts';
import { wireHistory, wireVersion } from './version.ts';

/** When this changes, so has the wire: raise the version, add its history line, then put the new value here. */
const fingerprint = { version: 1, sha256: 'faeb41afe15aa10d2f4e731e937404249847ed44f1184751a9feff68a0c1a98a' };

test('the desk’s wire changes only together with its version number and a line of history', () => {
  const calls = Object.fromEntries(
    Object.entries(http).flatMap(([name, schema]) => ('_zod' in schema ? [[name, z.toJSONSchema(schema)]] : [])),
  );
  const shape = { up: z.toJSONSchema(upSchema), down: z.toJSONSchema(downSchema), calls };
  const sha256 = createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(shape))))
    .digest('hex');
  expect(Object.keys(calls).length).toBeGreaterThan(5);
  expect({ version: wireVersion, sha256 }).toEqual(fingerprint);
  expect(wireHistory).toHaveLength(wireVersion);
  for (const [i, line] of wireHistory.entries()) expect(line.startsWith(`${i + 1}: `)).toBe(true);
});

test('anything at all that comes over the wire is answered with a value, never with an exception', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(z.safeParse(upSchema, value).success).toBe(false);
      expect(z.safeParse(downSchema, value).success).toBe(false);
    }),
  );
});
