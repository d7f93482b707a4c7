import { type AppError, deskError } from '#shared/lib/errors.ts';
import type { Id, IdMint } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import type { Link } from '#shared/session/model.ts';
import type { Down, Up } from '#shared/wire/messages.ts';

/** How long the hub may take to answer (ms). */
const patienceMs = 15_000;
/** How many questions may be open at once. */
const mostOpen = 200;

interface Open {
  readonly settle: (answer: Result<unknown>) => void;
  readonly timer: Timer;
}

export interface AsksParts {
  readonly clock: Clock;
  readonly mint: IdMint;
  /** false when there is no link */
  readonly send: (message: Up) => boolean;
  readonly link: () => Link;
}

/** What only the hub can do, asked over the live link; never queued: each question is answered, or refused with the reason. */
export class Asks {
  private readonly parts: AsksParts;
  private readonly open = new Map<Id, Open>();

  constructor(parts: AsksParts) {
    this.parts = parts;
  }

  /** Asks the hub. Errors: the hub's own, `session/needs-hub`, `session/link-lost` (whether it was done is not known), `session/no-answer`. */
  ask(name: string, args: Record<string, unknown>): Promise<Result<unknown>> {
    const { clock, mint, send, link } = this.parts;
    if (this.open.size >= mostOpen) return Promise.resolve(fail(deskError('session/busy', { retry: 'later' })));
    return new Promise((settle) => {
      const id = mint.next();
      const timer = clock.setTimeout(
        () => this.end(id, fail(deskError('session/no-answer', { retry: 'now' }))),
        patienceMs,
      );
      this.open.set(id, { settle, timer });
      if (!send({ t: 'ask', id, name, args })) this.end(id, fail(needsHub(link())));
    });
  }

  answered(answer: Extract<Down, { t: 'answer' }>): void {
    this.end(answer.id, answer.ok ? ok(answer.value) : fail(answer.error));
  }

  lineLost(): void {
    for (const id of [...this.open.keys()]) this.end(id, fail(deskError('session/link-lost', { retry: 'now' })));
  }

  private end(id: Id, answer: Result<unknown>): void {
    const open = this.open.get(id);
    if (!open) return;
    this.open.delete(id);
    open.timer.cancel();
    open.settle(answer);
  }
}

/** Refused because only the hub can do it and it is out of reach; `why` says what is wrong with the link. */
function needsHub(link: Link): AppError {
  const why = link.state === 'unreachable' ? link.why : link.state;
  return deskError('session/needs-hub', { retry: 'later', params: { why } });
}
