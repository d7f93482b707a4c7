import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';

/**
 * One entry of the audit chain. Content refers to personal data by id and salted digest, never by copy.
 * hash = SHA-256 of the canonical JSON of every other member, previous hash included; chainNo counts from 1 without gaps.
 */
export const auditEntrySchema = z.object({
  chainNo: z.int().check(z.positive()),
  at: z.int(),
  /** device time for what was done at a desk */
  deviceAt: z.nullable(z.int()),
  wasOffline: z.boolean(),
  actorId: z.nullable(idSchema),
  deviceId: z.nullable(idSchema),
  /** the command kind, call name or hub act */
  act: z.string().check(z.maxLength(60)),
  /** id of the command or call */
  ref: z.nullable(z.string().check(z.maxLength(80))),
  status: z.enum(['done', 'refused', 'held', 'failed']),
  reason: z.nullable(z.string().check(z.maxLength(100))),
  subjects: z.array(z.string().check(z.maxLength(100))),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  prev: z.string().check(z.maxLength(64)),
  hash: z.string().check(z.maxLength(64)),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** What a writer hands over; number, time and hashes come from the commit. */
export type AuditNote = Omit<AuditEntry, 'chainNo' | 'at' | 'prev' | 'hash'>;
