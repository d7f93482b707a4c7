import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { KeyHint } from './key-hint.tsx';
import { floating, floatingItem } from './select.tsx';

/** One thing a menu can do. */
export interface MenuEntry {
  id: string;
  label: string;
  help?: string;
  icon?: ReactNode;
  keys?: string | undefined;
  tone?: 'danger';
  isDisabled?: boolean;
}

export interface MenuProps {
  /** The Button or IconButton that opens it. */
  trigger: ReactNode;
  label: string;
  entries: readonly MenuEntry[];
  onAction: (id: string) => void;
}

/** Things to do, in a list that opens from a button. Arrow keys and letters move, Enter does. */
export function Menu({ trigger, label, entries, onAction }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement="bottom start" offset={4} className={`${floating} min-w-48`}>
        <AriaMenu aria-label={label} className="outline-none" onAction={(key) => onAction(String(key))}>
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              isDisabled={entry.isDisabled === true}
              className={floatingItem}
            >
              {entry.icon}
              <span className="min-w-0 flex-1">
                <span className={entry.tone === 'danger' ? 'block text-bad' : 'block'}>{entry.label}</span>
                {entry.help === undefined ? null : <span className="block text-sm text-ink-3">{entry.help}</span>}
              </span>
              {entry.keys === undefined ? null : <KeyHint keys={entry.keys} />}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
