import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { tv } from 'tailwind-variants/lite';
import { Button, IconButton } from './button.tsx';
import { useShortcutScope } from './use-shortcuts.tsx';

const overlay = 'fixed inset-0 z-40 flex bg-scrim transition-opacity entering:opacity-0 exiting:opacity-0';

const sheet = tv({
  base: 'flex max-h-full min-h-0 w-full min-w-0 flex-col border-line-strong bg-raised text-ink shadow-2 outline-none',
  variants: {
    shape: {
      center: 'm-auto max-h-[calc(100%-2rem)] rounded-l border',
      drawer: 'ms-auto h-full border-s',
    },
    width: { sm: 'max-w-96', md: 'max-w-lg', lg: 'max-w-3xl' },
  },
});

interface OpenProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

export interface DialogProps extends OpenProps {
  title: string;
  children: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
  width?: 'sm' | 'md' | 'lg';
  /** A click outside closes it. Off for forms, so that nothing typed is lost by a slip. */
  isDismissable?: boolean;
  /** No padding: what is inside brings its own. */
  isFlush?: boolean;
}

interface InnerProps extends Omit<DialogProps, 'isOpen' | 'onOpenChange'> {
  onClose: () => void;
}

function Inner({ title, children, footer, isFlush = false, onClose }: InnerProps) {
  const { t } = useTranslation('ui');
  // Single-letter keys of the screen behind must not act while this is open.
  useShortcutScope('dialog');
  return (
    <>
      <div className="flex min-h-13 shrink-0 items-center gap-2 border-b border-line ps-4 pe-3">
        <Heading slot="title" className="m-0 min-w-0 flex-1 py-2 text-lg font-semibold">
          {title}
        </Heading>
        <IconButton label={t('close')} keyHint="Escape" icon={<X size="1rem" aria-hidden />} onPress={onClose} />
      </div>
      <div className={`min-h-0 flex-1 overflow-auto ${isFlush ? 'pb-3' : 'p-4'}`}>{children}</div>
      {footer === undefined ? null : (
        <div className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
          {footer}
        </div>
      )}
    </>
  );
}

/** A window over the desk. Focus goes in, stays in, and returns where it was; Escape closes. */
export function Dialog({ isOpen, onOpenChange, width = 'md', isDismissable = false, ...inner }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={isDismissable}
      className={`${overlay} p-4`}
    >
      <Modal className={sheet({ shape: 'center', width })}>
        <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
          <Inner {...inner} onClose={() => onOpenChange(false)} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The same at the end edge of the window, full height; a click outside closes. */
export function Drawer({ isOpen, onOpenChange, width = 'sm', isDismissable = true, ...inner }: DialogProps) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={onOpenChange} isDismissable={isDismissable} className={overlay}>
      <Modal className={sheet({ shape: 'drawer', width })}>
        <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
          <Inner {...inner} onClose={() => onOpenChange(false)} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface AlertDialogProps extends OpenProps {
  title: string;
  /** What will happen and what it means. */
  children: ReactNode;
  confirmLabel: string;
  cancelLabel?: string;
  /** `danger` when what is confirmed cannot be taken back. */
  variant?: 'primary' | 'danger';
  onConfirm: () => void;
  /** Why it cannot be confirmed yet. */
  confirmDisabledReason?: string | undefined;
}

/** A question that must be answered. Focus starts on the harmless answer. */
export function AlertDialog(props: AlertDialogProps) {
  const { isOpen, onOpenChange, title, children, confirmLabel, cancelLabel, variant = 'primary', onConfirm } = props;
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={onOpenChange} className={`${overlay} p-4`}>
      <Modal className={sheet({ shape: 'center', width: 'sm' })}>
        <AriaDialog role="alertdialog" className="flex min-h-0 flex-1 flex-col gap-2 overflow-auto p-5 outline-none">
          <Alert title={title} cancelLabel={cancelLabel} onCancel={() => onOpenChange(false)} body={children}>
            <Button
              variant={variant}
              disabledReason={props.confirmDisabledReason}
              onPress={() => {
                onConfirm();
                onOpenChange(false);
              }}
            >
              {confirmLabel}
            </Button>
          </Alert>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface AlertProps {
  title: string;
  body: ReactNode;
  children: ReactNode;
  cancelLabel: string | undefined;
  onCancel: () => void;
}

function Alert({ title, body, children, cancelLabel, onCancel }: AlertProps) {
  const { t } = useTranslation('ui');
  useShortcutScope('dialog');
  return (
    <>
      <Heading slot="title" className="m-0 text-lg font-semibold">
        {title}
      </Heading>
      <div className="text-md text-ink-2">{body}</div>
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        <Button variant="secondary" autoFocus onPress={onCancel}>
          {cancelLabel ?? t('cancel')}
        </Button>
        {children}
      </div>
    </>
  );
}
