import { type ReactNode, type Ref, useId } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { tv } from 'tailwind-variants/lite';
import { KeyHint } from './key-hint.tsx';
import { ariaKeys } from './key-names.ts';
import { HiddenText } from './layout.tsx';
import { Tooltip } from './tooltip.tsx';

const button = tv({
  base: 'ring-focus inline-flex min-h-7 max-w-full shrink-0 cursor-default items-center justify-center gap-1.5 rounded-s border py-0.5 text-sm font-medium whitespace-nowrap select-none transition-colors',
  variants: {
    variant: { primary: '', secondary: '', quiet: '', danger: '' },
    isOff: { true: 'text-ink-3', false: 'pressed:translate-y-px' },
    isIcon: { true: 'size-7', false: 'px-2.5' },
  },
  compoundVariants: [
    {
      variant: 'primary',
      isOff: false,
      class: 'paint-kept border-accent bg-accent text-ink-inverse hover:border-accent-hover hover:bg-accent-hover',
    },
    { variant: 'secondary', isOff: false, class: 'border-line-strong bg-pane text-ink hover:bg-hover' },
    { variant: 'danger', isOff: false, class: 'border-bad bg-pane text-bad hover:border-bad-hover hover:bg-bad-soft' },
    {
      variant: 'quiet',
      isOff: false,
      class: 'edge-forced border-transparent text-ink-2 hover:bg-hover hover:text-ink',
    },
    { variant: ['primary', 'secondary', 'danger'], isOff: true, class: 'border-line bg-sunken' },
    { variant: 'quiet', isOff: true, class: 'border-transparent' },
  ],
  defaultVariants: { variant: 'secondary', isOff: false, isIcon: false },
});

type Passed = Pick<
  AriaButtonProps,
  | 'onPress'
  | 'type'
  | 'form'
  | 'autoFocus'
  | 'slot'
  | 'id'
  | 'aria-label'
  | 'aria-expanded'
  | 'aria-pressed'
  | 'aria-haspopup'
  | 'aria-controls'
  | 'aria-describedby'
  | 'onHoverStart'
  | 'onFocus'
>;

export interface ButtonProps extends Passed {
  children: ReactNode;
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  icon?: ReactNode;
  /** The key that does the same, in the registry's spelling; drawn in the button and told to screen readers. */
  keyHint?: string | undefined;
  /** Why it cannot be pressed now. The button stays in the tab order and says so; press does nothing. */
  disabledReason?: string | undefined;
  isDisabled?: boolean;
  /** Pressed and not done yet: stays focusable, cannot be pressed again. */
  isPending?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button. One primary button per pane: it is what Enter does. */
export function Button(props: ButtonProps) {
  const {
    children,
    variant = 'secondary',
    icon,
    keyHint,
    disabledReason,
    isDisabled = false,
    isPending,
    ...rest
  } = props;
  const reasonId = useId();
  const isOff = isDisabled || disabledReason !== undefined || isPending === true;
  const inside = (
    <>
      {icon}
      <span className="truncate">{children}</span>
      {keyHint === undefined ? null : <KeyHint keys={keyHint} isOnAccent={variant === 'primary'} />}
    </>
  );
  const shared = {
    ...rest,
    className: button({ variant, isOff }),
    ...withKeys(keyHint),
  };
  if (isPending !== undefined && disabledReason === undefined) {
    // React Aria's own pending state announces by a name that is gone with the button: said here instead.
    const pressing = isPending ? { ...withoutPress(shared), 'aria-disabled': 'true' as const } : shared;
    return (
      <>
        <AriaButton {...pressing} isDisabled={isDisabled}>
          {inside}
        </AriaButton>
        <span role="status" className="sr-only">
          {isPending ? children : null}
        </span>
      </>
    );
  }
  if (disabledReason === undefined) {
    return (
      <AriaButton {...shared} isDisabled={isDisabled}>
        {inside}
      </AriaButton>
    );
  }
  return (
    <>
      <Tooltip text={disabledReason} delay={100}>
        <AriaButton {...withoutPress(shared)} aria-disabled="true" aria-describedby={reasonId}>
          {inside}
        </AriaButton>
      </Tooltip>
      <HiddenText id={reasonId}>{disabledReason}</HiddenText>
    </>
  );
}

/** React Aria passes no `aria-keyshortcuts` on, so the element is drawn here. */
function withKeys(keys: string | undefined): Pick<AriaButtonProps, 'render'> {
  if (keys === undefined) return {};
  return { render: (props) => <button {...props} aria-keyshortcuts={ariaKeys(keys)} /> };
}

/** A button with a reason not to press does nothing, and does not send a form either. */
function withoutPress<P extends Passed>({ onPress: _onPress, ...rest }: P): Omit<P, 'onPress'> {
  return { ...rest, type: 'button' };
}

export interface IconButtonProps extends Omit<Passed, 'aria-label'> {
  /** Its name: for screen readers and in the tooltip. */
  label: string;
  icon: ReactNode;
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  keyHint?: string | undefined;
  isDisabled?: boolean;
  disabledReason?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
}

/** A square button with a picture only; its name and key stand in the tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, variant = 'quiet', keyHint, isDisabled = false, disabledReason, ...rest } = props;
  const isOff = isDisabled || disabledReason !== undefined;
  const shared = {
    ...rest,
    'aria-label': label,
    className: button({ variant, isOff, isIcon: true }),
    ...withKeys(keyHint),
  };
  const text = (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {label}
      {keyHint === undefined ? null : <KeyHint keys={keyHint} />}
      {disabledReason === undefined ? null : <span className="text-ink-2">{disabledReason}</span>}
    </span>
  );
  return (
    <Tooltip text={text}>
      {disabledReason === undefined ? (
        <AriaButton {...shared} isDisabled={isDisabled}>
          {icon}
        </AriaButton>
      ) : (
        <AriaButton {...withoutPress(shared)} aria-disabled="true" aria-label={`${label}. ${disabledReason}`}>
          {icon}
        </AriaButton>
      )}
    </Tooltip>
  );
}
