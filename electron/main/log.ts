import { join } from 'node:path';
import electronLog from 'electron-log/node.js';
import { redact } from './redact.ts';

export type Facts = Readonly<Record<string, string | number | boolean | null>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line: what happened in fixed words, and facts (ids, codes, counts). Never personal data, never a secret. */
export type Log = (level: LogLevel, text: string, facts?: Facts) => void;

const largestFile = 2_000_000;

/**
 * Opens the log file `desk.log` in `dir` (2 MB, one older file kept).
 * The Node flavour of electron-log on purpose: the Electron one listens on IPC channels of its own,
 * which would be a door into the main process without our sender check.
 */
export function openLog(dir: string, isOnConsole: boolean): Log {
  const logger = electronLog.create({ logId: 'desk' });
  logger.transports.file.resolvePathFn = () => join(dir, 'desk.log');
  logger.transports.file.maxSize = largestFile;
  logger.transports.file.level = 'info';
  logger.transports.console.level = isOnConsole ? 'debug' : false;
  logger.transports.console.format = '[desk] {text}';
  // Whoever read our output may have gone; a line nobody reads must not end the desk.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return (level, text, facts) => {
    logger[level](facts === undefined ? text : `${text} ${JSON.stringify(facts)}`);
  };
}

/** Text of an error for the log: its name, message and place, without what could name a person. */
export function errorText(error: unknown): string {
  return redact(error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error));
}
