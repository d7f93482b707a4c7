import { useTranslation } from 'react-i18next';
import { tv } from 'tailwind-variants/lite';

/** Whether a person gets work now. */
export type Presence = 'available' | 'away' | 'offline';

const dot = tv({
  base: 'paint-kept absolute -end-px -bottom-px size-[9px] rounded-full border-2 border-sunken',
  variants: {
    presence: { available: 'bg-(--presence)', away: 'bg-warn', offline: 'bg-ink-3' },
  },
});

const disc = tv({
  base: 'relative inline-grid shrink-0 place-items-center rounded-full font-semibold uppercase edge-forced select-none',
  variants: {
    size: { sm: 'size-6 text-[0.5625rem]', md: 'size-[1.875rem] text-xs' },
    isOwn: { true: 'paint-kept bg-accent text-ink-inverse', false: 'bg-hover text-ink-2' },
  },
  defaultVariants: { size: 'md', isOwn: false },
});

/** Up to two letters for a name in any script; "?" for none. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => /\p{L}/u.test(word));
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return first + last;
}

export interface AvatarProps {
  name: string;
  size?: 'sm' | 'md';
  presence?: Presence;
  /** The signed-in person: in the accent colour. */
  isOwn?: boolean;
}

/** A person's initials, with a dot for presence, which is also said in words to screen readers. */
export function Avatar({ name, size = 'md', presence, isOwn = false }: AvatarProps) {
  const { t } = useTranslation('ui');
  const label = presence === undefined ? name : `${name}, ${t(`presence.${presence}`)}`;
  return (
    <span role="img" aria-label={label} className={disc({ size, isOwn })}>
      <span aria-hidden="true">{initials(name)}</span>
      {presence === undefined ? null : <span aria-hidden="true" className={dot({ presence })} />}
    </span>
  );
}
