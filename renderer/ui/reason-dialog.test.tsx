import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ReasonDialog } from './reason-dialog.tsx';
import { createShortcuts } from './shortcuts.ts';
import { ShortcutsProvider } from './use-shortcuts.tsx';

function open() {
  const onConfirm = vi.fn();
  const onOpenChange = vi.fn();
  const options = [
    { value: 'answered', label: 'Answered' },
    { value: 'other', label: 'Other', needsText: true },
  ] as const;
  render(
    <ShortcutsProvider shortcuts={createShortcuts()}>
      <ReasonDialog<'answered' | 'other'>
        isOpen
        onOpenChange={onOpenChange}
        title="Resolve"
        question="How did it end?"
        options={options}
        textLabel="Comment"
        confirmLabel="Resolve"
        onConfirm={onConfirm}
      />
    </ShortcutsProvider>,
  );
  return { onConfirm, onOpenChange, user: userEvent.setup() };
}

test('a number chooses a reason and Enter confirms it', async () => {
  const { onConfirm, onOpenChange, user } = open();
  await user.keyboard('1{Enter}');
  expect(onConfirm).toHaveBeenCalledExactlyOnceWith('answered', '');
  expect(onOpenChange).toHaveBeenCalledWith(false);
});

test('a reason that needs words is not confirmed without them, and Enter in the words is a new line', async () => {
  const { onConfirm, user } = open();
  await user.keyboard('2{Enter}');
  expect(onConfirm).not.toHaveBeenCalled();
  await user.type(screen.getByRole('textbox', { name: 'Comment' }), 'Moved{Enter}away');
  expect(onConfirm).not.toHaveBeenCalled();
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(onConfirm).toHaveBeenCalledExactlyOnceWith('other', 'Moved\naway');
});

test('Enter on Cancel cancels', async () => {
  const { onConfirm, onOpenChange, user } = open();
  await user.keyboard('1');
  screen.getByRole('button', { name: 'Cancel' }).focus();
  await user.keyboard('{Enter}');
  expect(onOpenChange).toHaveBeenCalledWith(false);
  expect(onConfirm).not.toHaveBeenCalled();
});
