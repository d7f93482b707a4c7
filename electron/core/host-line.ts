import * as z from 'zod/mini';
import { type FromCore, type SecretAnswer, type ToCore, toCoreSchema } from '#shared/ipc/host.ts';

/** A port of a page as it comes from the host. */
export interface RawPort {
  on(event: 'message', take: (event: { data: unknown }) => void): void;
  on(event: 'close', take: () => void): void;
  start(): void;
  postMessage(message: unknown): void;
}

/** The line to the main process as Electron gives it to a utility process. */
export interface ParentPort {
  on(event: 'message', take: (event: { data: unknown; ports: RawPort[] }) => void): void;
  postMessage(message: unknown): void;
}

/** The core's side of the line to its host: every message parsed, secrets asked and answered by number. */
export class HostLine {
  private readonly port: ParentPort;
  private readonly asked = new Map<number, (answer: SecretAnswer) => void>();
  private lastAsk = 0;

  constructor(port: ParentPort) {
    this.port = port;
  }

  post(message: FromCore): void {
    this.port.postMessage(message);
  }

  /** Logs one line: ids, codes and counts, never personal data. */
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string, facts?: Record<string, string | number>): void {
    this.post({ t: 'log', level, text: text.slice(0, 2000), ...(facts === undefined ? {} : { facts }) });
  }

  secret(profile: string, isNew: boolean): Promise<SecretAnswer> {
    return new Promise((settle) => {
      this.lastAsk += 1;
      this.asked.set(this.lastAsk, settle);
      this.post({ t: 'secretWanted', id: this.lastAsk, profile, isNew });
    });
  }

  /** Hears the host; answers to secrets are kept in here. */
  onMessage(take: (message: Exclude<ToCore, { t: 'secret' }>, ports: readonly RawPort[]) => void): void {
    this.port.on('message', ({ data, ports }) => {
      const parsed = z.safeParse(toCoreSchema, data);
      if (!parsed.success) return this.log('warn', 'the host sent what is no message');
      const message = parsed.data;
      if (message.t !== 'secret') return take(message, ports);
      const settle = this.asked.get(message.id);
      this.asked.delete(message.id);
      settle?.(message.answer);
    });
  }
}
