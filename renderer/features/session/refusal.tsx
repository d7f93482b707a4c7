import { useErrorWords } from '#renderer/ui/error-words.ts';
import { Banner } from '#renderer/ui/notice.tsx';
import type { AppError } from '#shared/lib/errors.ts';

/** Why something was refused; nothing when it was not. */
export function Refusal({ error }: { error: AppError | null }) {
  const wordsOf = useErrorWords();
  if (error === null) return null;
  const words = wordsOf(error);
  return (
    <Banner tone="bad" isUrgent>
      {`${words.what} ${words.means} ${words.todo}${words.isKnown ? '' : ` (${words.code})`}`}
    </Banner>
  );
}
