/**
 * The version of the desk's wire protocol. A test holds the fingerprint of the schemas: who changes them adds a line here.
 *
 * 1 - 2026-11-22 first form: hello, pages with outcomes, backfill, commands, asks, marks, beats.
 */
export const wireVersion = 1;
