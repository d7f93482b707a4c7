import * as z from 'zod/mini';
import { acceptedSchema, type FromCore, fromCoreSchema } from '#shared/ipc/core.ts';
import type { CoreLineState, CoreMessage, DeskApi } from '#shared/ipc/window-desk.ts';
import { longestCoreMessage } from '#shared/ipc/window-desk.ts';
import type { Basis, CommandDef } from '#shared/lib/command.ts';
import { type AppError, deskError } from '#shared/lib/errors.ts';
import { IdMint } from '#shared/lib/ids.ts';
import type { CallDef, Change, QueryDef } from '#shared/lib/query.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';

// The page's content policy forbids evaluation; without this zod tries once and the browser reports it.
z.config({ jitless: true });

export type Accepted = z.infer<typeof acceptedSchema>;
export type Signal = Extract<FromCore, { op: 'signal' }>['signal'];
export type Notice = Extract<FromCore, { op: 'notice' }>['notice'];

/** `starting` until the first port is there; `closed` from the death of a core to the next one. */
export type LineState = 'starting' | CoreLineState;

/** How long an answer may take (ms). What only reads or writes this disk is quick; a call may wait for the hub. */
export const answerWithin = { query: 10_000, command: 15_000, call: 35_000 } as const;

/** The page's line to the core: every door is typed by its definition, and every answer is parsed with it. */
export interface CoreLine {
  /** Reads from this desk's own data. Asked again by itself when the core was restarted meanwhile. */
  query<A, R>(def: QueryDef<A, R>, args: A): Promise<Result<R>>;
  /**
   * Writes a command down; the answer says it is safely on this disk, not that the hub has it. Offered again by itself when the
   * core was restarted meanwhile; the id minted here keeps it from being stored twice.
   */
  command<A>(def: CommandDef<A>, args: A, basis?: Basis): Promise<Result<Accepted>>;
  /** Asks for something now. */
  call<A, R>(def: CallDef<A, R>, args: A): Promise<Result<R>>;
  state(): LineState;
  onState(listener: (state: LineState) => void): () => void;
  onChanged(listener: (changes: readonly Change[]) => void): () => void;
  onSignal(listener: (signal: Signal) => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Something came over the line that is not of the agreed form; for the log. */
  onOddity(listener: (what: string) => void): () => void;
}

interface Waiting {
  readonly message: CoreMessage;
  readonly isRepeatable: boolean;
  readonly timer: Timer;
  settle(answer: Result<unknown>): void;
}

function listeners<T>(): { add(listener: (value: T) => void): () => void; tell(value: T): void } {
  const all = new Set<(value: T) => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
    tell(value) {
      for (const listener of all) listener(value);
    },
  };
}

/** Opens the line. One per page. */
export function openCoreLine(api: Pick<DeskApi, 'connectCore'>, clock: Clock): CoreLine {
  const waiting = new Map<number, Waiting>();
  const states = listeners<LineState>();
  const changes = listeners<readonly Change[]>();
  const signals = listeners<Signal>();
  const notices = listeners<Notice>();
  const oddities = listeners<string>();
  const ids = new IdMint(clock);
  let lastId = 0;
  let state: LineState = 'starting';

  const finish = (id: number, answer: Result<unknown>): void => {
    const request = waiting.get(id);
    if (!request) return;
    waiting.delete(id);
    request.timer.cancel();
    request.settle(answer);
  };

  const onMessage = (raw: CoreMessage): void => {
    const parsed = z.safeParse(fromCoreSchema, raw);
    if (!parsed.success) {
      oddities.tell('a message from the core that is not of the agreed form');
      return;
    }
    const message = parsed.data;
    if (message.op === 'answer') finish(message.id, message.ok ? ok(message.value) : fail(message.error));
    else if (message.op === 'changed') changes.tell(message.changes as Change[]);
    else if (message.op === 'signal') signals.tell(message.signal);
    else notices.tell(message.notice);
  };

  const onState = (next: CoreLineState): void => {
    const wasThere = state !== 'starting';
    state = next;
    if (next === 'closed') {
      // A read may be repeated, and a command too: its id makes the core store it once. What a call did is not known.
      for (const [id, request] of waiting) {
        if (!request.isRepeatable) finish(id, fail(deskError('desk/line-lost', { retry: 'later' })));
      }
    } else if (wasThere) {
      for (const request of waiting.values()) port.post(request.message);
    }
    states.tell(next);
  };

  const port = api.connectCore(onMessage, onState);

  function ask(op: 'query' | 'command' | 'call', fields: CoreMessage): Promise<Result<unknown>> {
    lastId += 1;
    const id = lastId;
    const message: CoreMessage = { op, id, ...fields };
    if (state === 'closed' && op === 'call')
      return Promise.resolve(fail(deskError('desk/line-closed', { retry: 'now' })));
    if (JSON.stringify(message).length > longestCoreMessage) return Promise.resolve(fail(deskError('desk/too-long')));
    return new Promise((settle) => {
      const late = (): void => finish(id, fail(deskError('desk/no-answer', { retry: 'now', params: { what: op } })));
      waiting.set(id, {
        message,
        isRepeatable: op !== 'call',
        timer: clock.setTimeout(late, answerWithin[op]),
        settle,
      });
      if (state !== 'closed') port.post(message);
    });
  }

  function parsed<R>(schema: z.ZodMiniType<R>, name: string, answer: Result<unknown>): Result<R> {
    if (!answer.ok) return answer;
    const result = z.safeParse(schema, answer.value);
    if (result.success) return ok(result.data);
    oddities.tell(
      `the core's answer to ${name} is not of the agreed form: ${result.error.issues[0]?.path.join('.') ?? ''}`,
    );
    return fail(deskError('desk/bad-answer', { params: { what: name } }));
  }

  return {
    async query(def, args) {
      return parsed(def.result, def.name, await ask('query', { name: def.name, args }));
    },
    async command(def, args, basis = {}) {
      const commandId = ids.next();
      return parsed(acceptedSchema, def.kind, await ask('command', { kind: def.kind, args, basis, commandId }));
    },
    async call(def, args) {
      return parsed(def.result, def.name, await ask('call', { name: def.name, args }));
    },
    state: () => state,
    onState: states.add,
    onChanged: changes.add,
    onSignal: signals.add,
    onNotice: notices.add,
    onOddity: oddities.add,
  };
}

/** An AppError as something that can be thrown, for libraries that want exceptions. */
export class Refused extends Error {
  readonly reason: AppError;

  constructor(reason: AppError) {
    super(reason.code);
    this.name = 'Refused';
    this.reason = reason;
  }
}

/** The AppError in whatever was thrown; anything else becomes `desk/unexpected`. */
export function reasonOf(thrown: unknown): AppError {
  return thrown instanceof Refused ? thrown.reason : deskError('desk/unexpected');
}
