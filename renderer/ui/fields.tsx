import { Eye, EyeOff, Search, X } from 'lucide-react';
import { type ReactNode, type Ref, useState } from 'react';
import {
  Button as AriaButton,
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
  Text as AriaText,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  FieldError,
  Group,
  Input,
  Label,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { tv } from 'tailwind-variants/lite';
import { KeyHint } from './key-hint.tsx';

export const fieldBox = tv({
  base: 'min-h-8 w-full min-w-0 rounded-s border border-line-strong bg-pane px-2.5 py-1 text-md text-ink outline-none transition-colors placeholder:text-ink-3 hover:border-ink-3 disabled:border-line disabled:bg-sunken disabled:text-ink-3 invalid:border-bad',
  variants: {
    focus: {
      self: 'focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent',
      within:
        'flex items-center gap-1.5 focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent',
    },
  },
  defaultVariants: { focus: 'self' },
});

const bare = 'min-w-0 flex-1 bg-transparent text-md text-ink outline-none placeholder:text-ink-3';
const affix = 'ring-focus grid size-5 shrink-0 cursor-default place-items-center rounded-xs text-ink-3 hover:text-ink';

/** Label above, help or error below; shared by every field. */
export const fieldColumn = 'flex min-w-0 flex-col gap-1';
export const labelText = 'text-sm font-medium text-ink-2';

export function FieldNotes({ help, error }: { help?: ReactNode; error?: string | undefined }) {
  return (
    <>
      {help === undefined ? null : (
        <AriaText slot="description" className="text-sm text-ink-3">
          {help}
        </AriaText>
      )}
      <FieldError className="text-sm text-bad">{error}</FieldError>
    </>
  );
}

type Passed = Pick<
  AriaTextFieldProps,
  | 'value'
  | 'defaultValue'
  | 'onChange'
  | 'onBlur'
  | 'isRequired'
  | 'isDisabled'
  | 'isReadOnly'
  | 'autoComplete'
  | 'autoFocus'
  | 'name'
  | 'type'
  | 'inputMode'
  | 'maxLength'
  | 'spellCheck'
  | 'onKeyDown'
>;

export interface TextFieldProps extends Passed {
  label: string;
  placeholder?: string;
  help?: ReactNode;
  /** What is wrong and what to do; marks the field as invalid. */
  error?: string | undefined;
  ref?: Ref<HTMLInputElement>;
}

/** One line of text. */
export function TextField({ label, placeholder, help, error, ref, ...rest }: TextFieldProps) {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} validationBehavior="aria" className={fieldColumn}>
      <Label className={labelText}>{label}</Label>
      <Input
        className={fieldBox()}
        dir="auto"
        {...(placeholder === undefined ? {} : { placeholder })}
        {...refOf(ref)}
      />
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}

/** A password, hidden until the person asks to see it. */
export function PasswordField({ label, placeholder, help, error, ref, ...rest }: Omit<TextFieldProps, 'type'>) {
  const { t } = useTranslation('ui');
  const [isShown, setShown] = useState(false);
  return (
    <AriaTextField
      autoComplete="current-password"
      {...rest}
      type={isShown ? 'text' : 'password'}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      spellCheck="false"
      className={fieldColumn}
    >
      <Label className={labelText}>{label}</Label>
      <Group isInvalid={error !== undefined} className={fieldBox({ focus: 'within' })}>
        <Input className={bare} {...(placeholder === undefined ? {} : { placeholder })} {...refOf(ref)} />
        <AriaButton
          aria-label={isShown ? t('password.hide') : t('password.show')}
          aria-pressed={isShown}
          className={affix}
          onPress={() => setShown(!isShown)}
        >
          {isShown ? <EyeOff size="0.875rem" aria-hidden /> : <Eye size="0.875rem" aria-hidden />}
        </AriaButton>
      </Group>
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}

export interface TextAreaProps extends Omit<Passed, 'type'> {
  label: string;
  placeholder?: string;
  help?: ReactNode;
  error?: string | undefined;
  rows?: number;
  ref?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text. */
export function TextArea({ label, placeholder, help, error, rows = 3, ref, ...rest }: TextAreaProps) {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} validationBehavior="aria" className={fieldColumn}>
      <Label className={labelText}>{label}</Label>
      <AriaTextArea
        rows={rows}
        dir="auto"
        className={fieldBox({ class: 'resize-y' })}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...refOf(ref)}
      />
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}

export interface SearchFieldProps
  extends Pick<
    AriaSearchFieldProps,
    'value' | 'defaultValue' | 'onChange' | 'onSubmit' | 'onClear' | 'autoFocus' | 'isDisabled'
  > {
  /** Its name; read aloud, and shown as the placeholder when none is given. */
  label: string;
  placeholder?: string;
  /** The key that jumps here. */
  keyHint?: string;
  ref?: Ref<HTMLInputElement>;
}

/** A search: Escape clears it. */
export function SearchField({ label, placeholder, keyHint, ref, ...rest }: SearchFieldProps) {
  const { t } = useTranslation('ui');
  return (
    <AriaSearchField {...rest} aria-label={label} className="group min-w-0">
      <Group className={fieldBox({ focus: 'within' })}>
        <Search size="0.875rem" aria-hidden className="shrink-0 text-ink-3" />
        <Input
          className={`${bare} [&::-webkit-search-cancel-button]:hidden`}
          placeholder={placeholder ?? label}
          {...refOf(ref)}
        />
        {keyHint === undefined ? null : (
          <span className="hidden group-empty:inline-flex group-focus-within:hidden">
            <KeyHint keys={keyHint} />
          </span>
        )}
        <AriaButton aria-label={t('search.clear')} className={`${affix} group-empty:hidden`}>
          <X size="0.8125rem" aria-hidden />
        </AriaButton>
      </Group>
    </AriaSearchField>
  );
}

function refOf<T>(ref: Ref<T> | undefined): { ref?: Ref<T> } {
  return ref === undefined ? {} : { ref };
}
