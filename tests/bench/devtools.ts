import * as z from 'zod/mini';

const messageForm = z.object({
  id: z.optional(z.int()),
  method: z.optional(z.string()),
  params: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ message: z.string() })),
});
const targetForm = z.object({ targetInfo: z.object({ targetId: z.string(), type: z.string(), url: z.string() }) });
const attachedForm = z.object({ sessionId: z.string() });
const valueForm = z.object({ result: z.object({ value: z.number() }) });

/** The little of the DevTools protocol that a stopwatch needs; a driver would weigh on what is measured. */
export class DevTools {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, { done: (result: unknown) => void; refuse: (error: Error) => void }>();
  private readonly pages = new Map<string, string>();
  private lastId = 0;
  private pageSeen: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => this.take(String(data)));
  }

  static async connect(address: string): Promise<DevTools> {
    const socket = new WebSocket(address);
    await new Promise((done, refuse) => {
      socket.addEventListener('open', done);
      socket.addEventListener('error', () => refuse(new Error('no DevTools')));
    });
    const tools = new DevTools(socket);
    await tools.send('Target.setDiscoverTargets', { discover: true });
    return tools;
  }

  /** Runs an expression that resolves with a number in the first page whose address begins so; again when the page is replaced. */
  async ask(urlStart: string, expression: string): Promise<number> {
    for (let tries = 0; tries < 20; tries += 1) {
      const { sessionId } = z.parse(
        attachedForm,
        await this.send('Target.attachToTarget', { targetId: await this.page(urlStart), flatten: true }),
      );
      try {
        const asked = { expression, awaitPromise: true, returnByValue: true };
        return z.parse(valueForm, await this.send('Runtime.evaluate', asked, sessionId)).result.value;
      } catch {
        // The page went to its address in this moment.
      }
    }
    throw new Error('the page does not answer');
  }

  /** Asks the whole program to end as if its window was closed. */
  end(): void {
    this.send('Browser.close', {}).catch(() => undefined);
  }

  private async page(urlStart: string): Promise<string> {
    for (;;) {
      const found = [...this.pages].find(([, url]) => url.startsWith(urlStart));
      if (found) return found[0];
      await new Promise<void>((done) => {
        this.pageSeen = done;
      });
    }
  }

  private send(method: string, params: unknown, sessionId?: string): Promise<unknown> {
    this.lastId += 1;
    const id = this.lastId;
    this.socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return new Promise((done, refuse) => {
      this.waiting.set(id, { done, refuse });
    });
  }

  private take(text: string): void {
    const message = z.parse(messageForm, JSON.parse(text));
    if (message.id !== undefined) {
      const asked = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error) asked?.refuse(new Error(message.error.message));
      else asked?.done(message.result);
      return;
    }
    if (message.method !== 'Target.targetCreated' && message.method !== 'Target.targetInfoChanged') return;
    const { targetId, type, url } = z.parse(targetForm, message.params).targetInfo;
    if (type !== 'page') return;
    this.pages.set(targetId, url);
    this.pageSeen();
  }
}
