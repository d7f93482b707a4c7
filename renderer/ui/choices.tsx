import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
  Radio as AriaRadio,
  RadioGroup as AriaRadioGroup,
  type RadioGroupProps as AriaRadioGroupProps,
  Switch as AriaSwitch,
  type SwitchProps as AriaSwitchProps,
  Label,
} from 'react-aria-components';
import { FieldNotes, fieldColumn, labelText } from './fields.tsx';

const line = 'group flex min-w-0 cursor-default items-start gap-2 text-md text-ink disabled:text-ink-3';
const mark =
  'mt-0.5 grid size-4 shrink-0 place-items-center border border-line-strong bg-pane text-ink-inverse outline-offset-2 outline-accent transition-colors group-hover:border-ink-3 group-focus-visible:outline-2 group-disabled:bg-sunken';
const markOn =
  'group-selected:border-accent group-selected:bg-accent group-selected:paint-kept group-indeterminate:border-accent group-indeterminate:bg-accent';

export interface CheckboxProps
  extends Pick<
    AriaCheckboxProps,
    | 'isSelected'
    | 'defaultSelected'
    | 'onChange'
    | 'isDisabled'
    | 'isIndeterminate'
    | 'name'
    | 'value'
    | 'slot'
    | 'autoFocus'
  > {
  children?: ReactNode;
  'aria-label'?: string;
}

/** Yes or no, of its own. */
export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className={line}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className={`${mark} ${markOn} rounded-xs`}>
            {isIndeterminate ? <Minus size="0.75rem" strokeWidth={3} aria-hidden /> : null}
            {isSelected && !isIndeterminate ? <Check size="0.75rem" strokeWidth={3} aria-hidden /> : null}
          </span>
          {children === undefined ? null : <span className="min-w-0">{children}</span>}
        </>
      )}
    </AriaCheckbox>
  );
}

export interface SwitchProps
  extends Pick<AriaSwitchProps, 'isSelected' | 'defaultSelected' | 'onChange' | 'isDisabled' | 'name'> {
  children: ReactNode;
}

/** On or off, at once. */
export function Switch({ children, ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className={line}>
      <span className="mt-0.5 flex h-4 w-7 shrink-0 items-center rounded-full border border-line-strong bg-hover p-px outline-offset-2 outline-accent transition-colors group-focus-visible:outline-2 group-selected:border-accent group-selected:bg-accent group-selected:paint-kept">
        <span className="size-3 rounded-full bg-ink-3 transition-transform edge-forced group-selected:translate-x-3 group-selected:bg-pane rtl:group-selected:-translate-x-3" />
      </span>
      <span className="min-w-0">{children}</span>
    </AriaSwitch>
  );
}

export interface RadioOption<V extends string> {
  value: V;
  label: ReactNode;
  help?: ReactNode;
  isDisabled?: boolean;
}

export interface RadioGroupProps<V extends string>
  extends Pick<AriaRadioGroupProps, 'isDisabled' | 'isRequired' | 'name' | 'orientation'> {
  label: string;
  options: readonly RadioOption<V>[];
  value?: V | null;
  defaultValue?: V;
  onChange?: (value: V) => void;
  help?: ReactNode;
  error?: string | undefined;
}

/** One of a few. Arrow keys move and choose. */
export function RadioGroup<V extends string>(props: RadioGroupProps<V>) {
  const { label, options, help, error, onChange, ...rest } = props;
  const choose = (value: string): void => {
    const option = options.find((o) => o.value === value);
    if (option !== undefined) onChange?.(option.value);
  };
  return (
    <AriaRadioGroup {...rest} onChange={choose} isInvalid={error !== undefined} className={fieldColumn}>
      <Label className={labelText}>{label}</Label>
      <div className="flex flex-col gap-1.5 py-0.5">
        {options.map((option) => (
          <AriaRadio key={option.value} value={option.value} isDisabled={option.isDisabled === true} className={line}>
            <span className={`${mark} rounded-full group-selected:border-[0.3125rem] group-selected:border-accent`} />
            <span className="min-w-0">
              {option.label}
              {option.help === undefined ? null : <span className="block text-sm text-ink-3">{option.help}</span>}
            </span>
          </AriaRadio>
        ))}
      </div>
      <FieldNotes help={help} error={error} />
    </AriaRadioGroup>
  );
}

/** Checkboxes that belong together, under a name. */
export function Fieldset({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className={`${fieldColumn} m-0 border-0 p-0`}>
      <legend className={`${labelText} mb-1 p-0`}>{label}</legend>
      <div className="flex flex-col gap-1.5">{children}</div>
    </fieldset>
  );
}
