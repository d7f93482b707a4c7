/** The version of the desk's wire protocol. A test holds the fingerprint of the schemas: who changes them adds a line here. */
export const wireVersion = 1;

/** One line per version: what changed and why. The newest is last. */
export const wireHistory = [
  '1: hello, pages with outcomes, backfill, commands, asks, marks, beats, typing; enrolment, sign-in, refresh, password',
] as const;
