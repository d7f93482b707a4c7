import type { ReactNode } from 'react';
import { Popover as AriaPopover, Dialog, DialogTrigger } from 'react-aria-components';
import { floating } from './select.tsx';

export interface PopoverProps {
  /** The Button or IconButton that opens it. */
  trigger: ReactNode;
  /** Its name for screen readers. */
  label: string;
  children: ReactNode;
  placement?: 'top' | 'bottom' | 'bottom start' | 'bottom end';
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}

/** A small sheet beside what opened it. Escape or a click outside closes; focus returns. */
export function Popover({ trigger, label, children, placement = 'bottom', ...open }: PopoverProps) {
  return (
    <DialogTrigger {...open}>
      {trigger}
      <AriaPopover placement={placement} offset={6} className={floating}>
        <Dialog aria-label={label} className="max-w-96 p-2 outline-none">
          {children}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
