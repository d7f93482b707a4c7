import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '#renderer/bridge/bridge.tsx';
import { HiddenText, Inline, Text } from '#renderer/ui/layout.tsx';
import type { ThreadItem } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Timer } from '#shared/lib/time.ts';
import { isolated } from './recipient.ts';

/** A sign that is not renewed within this time is over (ms). */
const signLastsMs = 6000;

function useCustomerTyping(conversationId: Id): boolean {
  const { core, clock } = useBridge();
  const [isTyping, setTyping] = useState(false);
  useEffect(() => {
    let over: Timer | null = null;
    const stop = core.onSignal((signal) => {
      if (signal.conversationId !== conversationId || signal.party !== 'customer') return;
      over?.cancel();
      setTyping(signal.isTyping);
      if (signal.isTyping) over = clock.setTimeout(() => setTyping(false), signLastsMs);
    });
    return () => {
      over?.cancel();
      stop();
    };
  }, [core, clock, conversationId]);
  return isTyping;
}

export interface CustomerVoiceProps {
  conversationId: Id;
  customerName: string;
  items: readonly ThreadItem[];
}

/** Whether the customer is typing; and for screen readers, what the customer writes while the conversation is open. */
export function CustomerVoice({ conversationId, customerName, items }: CustomerVoiceProps) {
  const { t } = useTranslation('conversation');
  const isTyping = useCustomerTyping(conversationId);
  const name = isolated(customerName);
  const last = items.findLast((i) => i.kind === 'message' && i.message.from === 'customer');
  const message = last?.kind === 'message' ? last.message : null;
  // What stood there when the conversation was opened is read, not announced.
  const first = useRef(message?.id ?? '');
  const said = message !== null && message.id !== first.current ? t('said', { name, text: message.text }) : '';
  return (
    <>
      <span role="status" aria-live="polite">
        <HiddenText>{said}</HiddenText>
      </span>
      <Inline>
        <TypingLine words={isTyping ? t('typing', { name }) : ''} />
      </Inline>
    </>
  );
}

/** A line of constant height, so that nothing moves when the customer starts or stops. */
function TypingLine({ words }: { words: string }) {
  return (
    <Text size="xs" shade="faint" as="div">
      {words === '' ? '\u00A0' : words}
    </Text>
  );
}
