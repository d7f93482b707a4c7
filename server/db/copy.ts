import type { Duplex } from 'node:stream';
import { Readable, Writable } from 'node:stream';
import type { Connection, Submittable } from 'pg';

/** What a `pg` connection can do for COPY beyond what its types say; checked before use. */
interface CopyConnection {
  readonly stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

interface Done {
  /** `COPY 42` */
  readonly text?: string;
}

const blockBytes = 64 * 1024;

function copying(connection: Connection): CopyConnection {
  const able: Connection & Partial<CopyConnection> = connection;
  const { sendCopyFromChunk, endCopyFrom, sendCopyFail } = able;
  if (!sendCopyFromChunk || !endCopyFrom || !sendCopyFail) throw new Error('this version of pg cannot copy');
  return {
    stream: connection.stream,
    query: (text) => connection.query(text),
    sendCopyFromChunk: (chunk) => sendCopyFromChunk.call(connection, chunk),
    endCopyFrom: () => endCopyFrom.call(connection),
    sendCopyFail: (why) => sendCopyFail.call(connection, why),
  };
}

function countOf(done: Done): number {
  return Number(/^COPY (\d+)$/.exec(done.text ?? '')?.[1] ?? Number.NaN);
}

/** `COPY … TO STDOUT` as a stream of bytes, in blocks; pauses the connection while the reader is slow. Give it to `client.query`. */
export class CopyOut extends Readable implements Submittable {
  /** Rows copied; known at the end. */
  rows = Number.NaN;
  private readonly text: string;
  private connection: CopyConnection | null = null;
  private block: Buffer[] = [];
  private size = 0;

  constructor(text: string) {
    super({ highWaterMark: 4 * blockBytes });
    this.text = text;
  }

  submit(connection: Connection): void {
    this.connection = copying(connection);
    this.connection.query(this.text);
  }

  override _read(): void {
    this.connection?.stream.resume();
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.block.push(Buffer.from(chunk)); // the driver uses its own buffer again
    this.size += chunk.length;
    if (this.size >= blockBytes) this.pass();
  }

  handleCommandComplete(done: Done): void {
    this.rows = countOf(done);
  }

  handleReadyForQuery(): void {
    this.pass();
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }

  private pass(): void {
    if (this.size === 0) return;
    const isWanted = this.push(Buffer.concat(this.block));
    this.block = [];
    this.size = 0;
    if (!isWanted) this.connection?.stream.pause();
  }
}

/** `COPY … FROM STDIN` as a stream to write to; finished when the server has taken everything. Give it to `client.query`. */
export class CopyIn extends Writable implements Submittable {
  /** Rows taken; known at the end. */
  rows = Number.NaN;
  private readonly text: string;
  private connection: CopyConnection | null = null;
  private begun: (() => void) | null = null;
  private ended: (() => void) | null = null;
  private isOpen = false;

  constructor(text: string) {
    super({ highWaterMark: 4 * blockBytes });
    this.text = text;
  }

  submit(connection: Connection): void {
    this.connection = copying(connection);
    this.connection.query(this.text);
  }

  handleCopyInResponse(): void {
    this.isOpen = true;
    this.begun?.();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const { connection } = this;
    if (connection === null || !this.isOpen) {
      this.begun = () => this._write(chunk, _, done);
      return;
    }
    connection.sendCopyFromChunk(chunk);
    if (connection.stream.writableNeedDrain) connection.stream.once('drain', done);
    else done();
  }

  override _final(done: () => void): void {
    const finish = (): void => {
      this.ended = done;
      this.connection?.endCopyFrom();
    };
    if (this.isOpen) finish();
    else this.begun = finish;
  }

  handleCommandComplete(done: Done): void {
    this.rows = countOf(done);
  }

  handleReadyForQuery(): void {
    this.ended?.();
  }

  handleError(error: Error): void {
    this.destroy(error);
  }
}
