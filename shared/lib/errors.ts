import * as z from 'zod/mini';

/**
 * An error as data. `code` is `slice/reason` and names the text in the message catalogue (`errors.slice/reason`);
 * `params` fill that text; `field` names the input that was refused; `origin` says who refused;
 * `retry` says whether trying the same again can help.
 */
export const appErrorSchema = z.object({
  code: z.string().check(z.regex(/^[a-z][a-z-]*\/[a-z][a-z0-9-]*$/), z.maxLength(80)),
  origin: z.enum(['desk', 'hub', 'outside']),
  retry: z.enum(['never', 'later', 'now']),
  field: z.optional(z.string().check(z.maxLength(80))),
  params: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
});
export type AppError = z.infer<typeof appErrorSchema>;

export type ErrorDetail = { retry?: AppError['retry']; field?: string; params?: Record<string, string | number> };

function make(origin: AppError['origin'], code: string, detail: ErrorDetail): AppError {
  return {
    code,
    origin,
    retry: detail.retry ?? 'never',
    ...(detail.field === undefined ? {} : { field: detail.field }),
    ...(detail.params === undefined ? {} : { params: detail.params }),
  };
}

/** An error decided at the desk (or by a shared rule running there). */
export function deskError(code: string, detail: ErrorDetail = {}): AppError {
  return make('desk', code, detail);
}

/** An error decided by the hub. */
export function hubError(code: string, detail: ErrorDetail = {}): AppError {
  return make('hub', code, detail);
}

/**
 * Turns a failed zod parse into an error that names the first refused field.
 * `code` is the slice's own `slice/bad-input`.
 */
export function badInput(code: string, error: z.core.$ZodError, origin: AppError['origin']): AppError {
  const issue = error.issues[0];
  const field = issue ? issue.path.map(String).join('.') : '';
  return make(origin, code, {
    ...(field ? { field } : {}),
    params: { why: (issue?.message ?? 'not of the right form').slice(0, 200) },
  });
}
