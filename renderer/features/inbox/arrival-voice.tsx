import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HiddenText } from '#renderer/ui/layout.tsx';
import type { InboxRow } from '#shared/inbox/model.ts';
import type { Id } from '#shared/lib/ids.ts';

/** Says to screen readers who wrote in a conversation that is not the one on screen. */
export function ArrivalVoice({ rows, selectedId }: { rows: readonly InboxRow[]; selectedId: Id | null }) {
  const { t } = useTranslation('inbox');
  const known = useRef<Map<Id, number> | null>(null);
  const [words, setWords] = useState('');
  useEffect(() => {
    const before = known.current;
    known.current = new Map(rows.map((r) => [r.head.id, r.head.lastCustomerOrder]));
    // The first list is what was there already.
    if (before === null || before.size === 0) return;
    const fresh = rows.find((r) => r.head.id !== selectedId && r.head.lastCustomerOrder > (before.get(r.head.id) ?? 0));
    if (fresh) setWords(t('arrived', { name: fresh.head.customerName, text: fresh.head.snippet.text }));
  }, [rows, selectedId, t]);
  return (
    <span role="status" aria-live="polite">
      <HiddenText>{words}</HiddenText>
    </span>
  );
}
