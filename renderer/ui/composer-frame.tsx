import type { ClipboardEvent, KeyboardEvent, ReactNode, Ref } from 'react';
import { tv } from 'tailwind-variants/lite';

const frame = tv({
  base: 'mx-4 mb-3 shrink-0 rounded-l border border-line-strong shadow-1 focus-within:border-accent',
  variants: { isNote: { true: 'border-dashed bg-bubble-note', false: 'bg-pane' } },
});

export interface ComposerFrameProps {
  /** Warnings (Banners): they stand right above where the eyes are. */
  above?: ReactNode;
  /** The field. */
  children: ReactNode;
  /** Quiet buttons at the start. */
  tools?: ReactNode;
  /** A small word before the primary button ("saved"). */
  hint?: ReactNode;
  /** The one primary button. */
  action: ReactNode;
  /** Writing a note: dashed and amber like the note itself. */
  isNote?: boolean;
}

/** Where the agent writes. */
export function ComposerFrame({ above, children, tools, hint, action, isNote = false }: ComposerFrameProps) {
  return (
    <>
      {above}
      <div className={frame({ isNote })}>
        {children}
        <div className="flex flex-wrap items-center gap-1.5 px-2 pt-1.5 pb-2">
          {tools}
          <span className="num ms-auto text-xs text-ink-3">{hint}</span>
          {action}
        </div>
      </div>
    </>
  );
}

export interface ComposerFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onPaste?: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  onBlur?: () => void;
  placeholder?: string;
  isReadOnly?: boolean;
  maxLength?: number;
  /** The language the customer writes, for spelling. */
  lang?: string;
  ref?: Ref<HTMLTextAreaElement>;
}

/** The text itself: grows with its content up to a third of the window, then scrolls. */
export function ComposerField({ label, value, onChange, isReadOnly = false, ref, ...rest }: ComposerFieldProps) {
  return (
    <textarea
      {...rest}
      {...(ref === undefined ? {} : { ref })}
      aria-label={label}
      dir="auto"
      value={value}
      readOnly={isReadOnly}
      onChange={(event) => onChange(event.target.value)}
      className="block field-sizing-content max-h-[33vh] min-h-[3.625rem] w-full resize-none bg-transparent px-3.5 pt-2.5 pb-1 text-md text-ink caret-accent outline-none placeholder:text-ink-3"
    />
  );
}
