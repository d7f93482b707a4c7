import pino from 'pino';
import type { Log } from './context.ts';

/** Structured log on standard error, so that standard output stays for the line that says the hub is ready. */
export function makeLog(level: string): Log {
  const log = pino(
    { level, base: null, redact: ['token', 'password', 'text', 'email', '*.token', '*.password', '*.text', '*.email'] },
    pino.destination(2),
  );
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}
