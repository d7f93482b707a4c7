import type { ReactNode } from 'react';

/** How a conversation reaches us. */
export type ChannelKind = 'chat' | 'email' | 'phone';

const shapes: Record<ChannelKind, ReactNode> = {
  chat: <path d="M2 3h12v8H7l-3 3v-3H2z" />,
  email: (
    <>
      <rect x="1.7" y="3.5" width="12.6" height="9.5" rx="1" />
      <path d="m2 4.5 6 4.5 6-4.5" />
    </>
  ),
  phone: <path d="M8 2a6 6 0 0 0-5.1 9.1L2 14l3-.8A6 6 0 1 0 8 2z" />,
};

/** The channel's own picture, 16 px. Say the channel in words beside it or in a hidden text. */
export function ChannelIcon({ channel }: { channel: ChannelKind }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className="size-4 shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
    >
      {shapes[channel]}
    </svg>
  );
}
