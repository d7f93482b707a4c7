import type { ReactNode } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';

export interface TooltipProps {
  /** One focusable control from this folder (Button, IconButton, RailItem) or React Aria's Focusable. */
  children: ReactNode;
  /** The words; plain text. */
  text: ReactNode;
  placement?: 'top' | 'bottom' | 'start' | 'end';
  /** Milliseconds before it opens on hover; on keyboard focus it opens at once. */
  delay?: number;
  isDisabled?: boolean;
}

/** A few words on hover and on keyboard focus; Escape closes. Never the only place of something needed. */
export function Tooltip({ children, text, placement = 'top', delay = 500, isDisabled = false }: TooltipProps) {
  return (
    <TooltipTrigger delay={delay} closeDelay={80} isDisabled={isDisabled}>
      {children}
      <AriaTooltip
        placement={placement}
        offset={6}
        className="z-50 max-w-80 rounded-m border border-line-strong bg-raised px-2 py-1 text-sm text-ink shadow-2 transition-opacity entering:opacity-0 exiting:opacity-0"
      >
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
