/**
 * One side of a live connection, whatever carries it: socket.io in the product, memory in the simulated world.
 * Messages arrive whole and in order until the link closes; a closed link stays closed.
 */
export interface Link<Out> {
  send(message: Out): void;
  close(): void;
  /** resolves when what was sent has left this side, or the link has closed; absent = sending costs nothing */
  drained?(): Promise<void>;
  /** what arrives, not parsed yet */
  onMessage(take: (message: unknown) => void): void;
  onClose(take: (why: string) => void): void;
}
