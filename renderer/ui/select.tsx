import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Select as AriaSelect,
  type SelectProps as AriaSelectProps,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components';
import { FieldNotes, fieldBox, fieldColumn, labelText } from './fields.tsx';

/** The sheet that menus, lists and popovers float on. */
export const floating =
  'z-50 overflow-auto rounded-m border border-line-strong bg-raised p-1 text-md text-ink shadow-2 transition-opacity outline-none entering:opacity-0 exiting:opacity-0';

/** One line in a menu or list. */
export const floatingItem =
  'group flex min-h-7 cursor-default items-center gap-2 rounded-s px-2 py-1 text-md text-ink -outline-offset-2 outline-accent outline-none focus:bg-hover focus-visible:outline-2 forced-colors:focus:outline-2 disabled:text-ink-3';

export interface SelectOption<V extends string> {
  value: V;
  label: string;
  help?: string;
  isDisabled?: boolean;
}

export interface SelectProps<V extends string>
  extends Pick<AriaSelectProps, 'isDisabled' | 'isRequired' | 'name' | 'autoFocus'> {
  label: string;
  options: readonly SelectOption<V>[];
  value?: V | null;
  defaultValue?: V;
  onChange?: (value: V) => void;
  placeholder?: string;
  help?: ReactNode;
  error?: string | undefined;
}

/** One of many, in a list that opens. Typing jumps to an option. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, options, help, error, onChange, ...rest } = props;
  return (
    <AriaSelect
      {...rest}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={fieldColumn}
      onChange={(key) => {
        const option = options.find((o) => o.value === key);
        if (option !== undefined) onChange?.(option.value);
      }}
    >
      <Label className={labelText}>{label}</Label>
      <AriaButton
        className={fieldBox({
          class:
            'flex cursor-default items-center gap-2 text-start focus-visible:border-accent focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent',
        })}
      >
        <SelectValue className="min-w-0 flex-1 truncate placeholder:text-ink-3">
          {({ selectedText, defaultChildren }) =>
            selectedText === '' ? defaultChildren : (selectedText ?? defaultChildren)
          }
        </SelectValue>
        <ChevronDown size="0.875rem" aria-hidden className="shrink-0 text-ink-3" />
      </AriaButton>
      <FieldNotes help={help} error={error} />
      <Popover className={`${floating} min-w-(--trigger-width)`}>
        <ListBox className="outline-none">
          {options.map((option) => (
            <ListBoxItem
              key={option.value}
              id={option.value}
              textValue={option.label}
              isDisabled={option.isDisabled === true}
              className={floatingItem}
            >
              <span className="min-w-0 flex-1">
                <span className="block">{option.label}</span>
                {option.help === undefined ? null : <span className="block text-sm text-ink-3">{option.help}</span>}
              </span>
              <Check size="0.875rem" aria-hidden className="invisible shrink-0 text-accent group-selected:visible" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
