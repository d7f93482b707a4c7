import type { ScopeText } from '#shared/lib/scope.ts';

/** One replicated row to be written; body null = gone. */
export interface RowWrite {
  readonly scope: ScopeText;
  readonly entity: string;
  readonly id: string;
  readonly body: unknown;
}
