import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import { KeyHint } from './key-hint.tsx';
import { Tooltip } from './tooltip.tsx';

/** The places of the desk, 52 px at the start edge. `children` are RailItems; `footer` stands at the bottom (who you are). */
export function Rail({ label, children, footer }: { label: string; children: ReactNode; footer?: ReactNode }) {
  return (
    <nav
      aria-label={label}
      className="row-span-2 flex min-h-0 flex-col items-center gap-1 overflow-y-auto bg-sunken py-3"
    >
      {children}
      {footer === undefined ? null : <div className="mt-auto grid place-items-center pt-2">{footer}</div>}
    </nav>
  );
}

export interface RailItemProps {
  label: string;
  icon: ReactNode;
  isCurrent?: boolean;
  onPress: () => void;
  /** Things that wait there; said in words by `countLabel`. */
  count?: number;
  countLabel?: string;
  keyHint?: string | undefined;
}

/** One place. Its name and key are in the tooltip. */
export function RailItem({ label, icon, isCurrent = false, onPress, count = 0, countLabel, keyHint }: RailItemProps) {
  const name = count > 0 ? `${label}, ${countLabel ?? count}` : label;
  return (
    <Tooltip
      placement="end"
      delay={300}
      text={
        <span className="inline-flex items-center gap-1.5">
          {name}
          {keyHint === undefined ? null : <KeyHint keys={keyHint} />}
        </span>
      }
    >
      <ToggleButton
        aria-label={name}
        isSelected={isCurrent}
        onPress={onPress}
        className="ring-focus-inside relative grid size-9 shrink-0 cursor-default place-items-center rounded-m text-ink-3 transition-colors hover:bg-hover hover:text-ink-2 selected:bg-chosen selected:text-accent selected:edge-forced"
        // A place is current, not pressed.
        render={({ 'aria-pressed': _notPressed, ...props }) => (
          <button {...props} {...(isCurrent ? { 'aria-current': 'page' as const } : {})} />
        )}
      >
        {icon}
        {count > 0 ? (
          <span
            aria-hidden="true"
            className="num paint-kept absolute end-[3px] top-[3px] min-w-3.5 rounded-full bg-bad px-[3px] text-center text-[0.5625rem]/[0.875rem] font-semibold text-ink-inverse"
          >
            {count > 99 ? '99+' : count}
          </span>
        ) : null}
      </ToggleButton>
    </Tooltip>
  );
}
