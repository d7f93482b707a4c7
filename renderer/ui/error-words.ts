import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '#shared/lib/errors.ts';

/** An error in words: what happened, what it means, what to do; and its code for a report. */
export interface ErrorWords {
  what: string;
  means: string;
  todo: string;
  code: string;
  /** False when the catalogue has no text for this code; the general one is used. */
  isKnown: boolean;
}

/** Turns an error into words of the catalogue (namespace `errors`). */
export function useErrorWords(): (error: AppError) => ErrorWords {
  const { t, i18n } = useTranslation('errors');
  return useCallback(
    (error) => {
      // Input that was not of the right form is the same in every slice.
      const common = error.code.endsWith('/bad-input') ? 'session/bad-input' : 'unknown';
      const isKnown = i18n.exists(`errors:${error.code}.what`) || common !== 'unknown';
      const key = i18n.exists(`errors:${error.code}.what`) ? error.code : common;
      const waitMs = error.params?.['waitMs'];
      const seconds = typeof waitMs === 'number' ? Math.ceil(waitMs / 1000) : 0;
      const params = { ...error.params, code: error.code, seconds };
      return {
        what: t(`${key}.what`, params),
        means: t(`${key}.means`, params),
        todo: t(`${key}.todo`, params),
        code: error.code,
        isKnown,
      };
    },
    [t, i18n],
  );
}
