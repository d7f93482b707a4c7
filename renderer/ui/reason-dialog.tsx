import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { RadioGroup } from './choices.tsx';
import { Dialog } from './dialog.tsx';
import { TextArea } from './fields.tsx';
import { KeyHint } from './key-hint.tsx';
import { Stack, Text } from './layout.tsx';

export interface ReasonOption<V extends string> {
  value: V;
  label: string;
  /** This answer needs words of its own. */
  needsText?: boolean;
}

export interface ReasonDialogProps<V extends string> {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  /** What will happen and what it means. */
  intro?: ReactNode;
  question: string;
  options: readonly ReasonOption<V>[];
  textLabel: string;
  textHelp?: string;
  confirmLabel: string;
  isDanger?: boolean;
  maxLength?: number;
  onConfirm: (value: V, text: string) => void;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement;
}

/** One of a few reasons, by number key or arrows, with words where they help. Enter confirms (Ctrl+Enter while writing). */
export function ReasonDialog<V extends string>({ isOpen, onOpenChange, title, ...form }: ReasonDialogProps<V>) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={title} width="sm">
      <ReasonForm {...form} onCancel={() => onOpenChange(false)} />
    </Dialog>
  );
}

type FormProps<V extends string> = Omit<ReasonDialogProps<V>, 'isOpen' | 'onOpenChange' | 'title'> & {
  onCancel: () => void;
};

function ReasonForm<V extends string>(props: FormProps<V>) {
  const { intro, question, options, textLabel, textHelp, confirmLabel, isDanger = false, maxLength = 300 } = props;
  const { t } = useTranslation('reason');
  const form = useRef<HTMLDivElement>(null);
  const [value, setValue] = useState<V | null>(null);
  const [text, setText] = useState('');
  const chosen = options.find((o) => o.value === value);
  const lacksText = chosen?.needsText === true && text.trim() === '';
  const missing = chosen === undefined ? t('choose') : lacksText ? t('say') : undefined;

  // Number keys work at once, so the focus starts inside.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  const confirm = (): void => {
    if (chosen === undefined || lacksText) return;
    props.onConfirm(chosen.value, text.trim());
    props.onCancel();
  };
  // Keys are an addition: every one of them has a control that does the same.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    const isMod = event.ctrlKey || event.metaKey;
    if (
      event.key === 'Enter' &&
      (isMod || (!isWriting(event.target) && !(event.target instanceof HTMLButtonElement)))
    ) {
      event.preventDefault();
      confirm();
      return;
    }
    const at = isWriting(event.target) || isMod || event.altKey ? -1 : Number(event.key) - 1;
    const option = options[at];
    if (option === undefined) return;
    event.preventDefault();
    setValue(option.value);
    form.current?.querySelectorAll<HTMLInputElement>('input[type="radio"]')[at]?.focus();
  };
  useEffect(() => {
    const place = form.current;
    place?.addEventListener('keydown', onKeyDown);
    return () => place?.removeEventListener('keydown', onKeyDown);
  });

  return (
    <div ref={form}>
      <Stack gap="lg">
        {intro === undefined ? null : <Text shade="soft">{intro}</Text>}
        <RadioGroup
          label={question}
          value={value}
          onChange={setValue}
          options={options.map((option, at) => ({
            value: option.value,
            label: (
              <span className="flex min-w-0 items-center gap-2">
                {at < 9 ? <KeyHint keys={String(at + 1)} /> : null}
                {option.label}
              </span>
            ),
          }))}
        />
        <TextArea
          label={textLabel}
          value={text}
          onChange={setText}
          maxLength={maxLength}
          rows={2}
          isRequired={chosen?.needsText === true}
          {...(textHelp === undefined ? {} : { help: textHelp })}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onPress={props.onCancel}>{t('ui:cancel')}</Button>
          <Button variant={isDanger ? 'danger' : 'primary'} keyHint="Enter" disabledReason={missing} onPress={confirm}>
            {confirmLabel}
          </Button>
        </div>
      </Stack>
    </div>
  );
}
