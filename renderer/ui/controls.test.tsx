import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { Button, IconButton } from './button.tsx';
import { RadioGroup } from './choices.tsx';
import { AlertDialog, Dialog } from './dialog.tsx';
import { PasswordField, TextField } from './fields.tsx';
import { Menu } from './menu.tsx';
import { Select } from './select.tsx';
import { createShortcuts } from './shortcuts.ts';
import { ShortcutsProvider } from './use-shortcuts.tsx';

const options = [
  { value: 'answered', label: 'Answered' },
  { value: 'spam', label: 'Spam' },
] as const;

test('a button that cannot be pressed now stays in the tab order and says why', async () => {
  const press = vi.fn();
  render(
    <Button disabledReason="Not yours" onPress={press}>
      Resolve
    </Button>,
  );
  const user = userEvent.setup();
  await user.tab();
  const button = screen.getByRole('button', { name: 'Resolve' });
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByRole('tooltip').textContent).toBe('Not yours');
  await user.keyboard('{Enter}');
  await user.click(button);
  expect(press).not.toHaveBeenCalled();
});

test('a button with a reason not to press does not send its form', async () => {
  const send = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
  render(
    <form onSubmit={send}>
      <Button type="submit" disabledReason="Write something first">
        Send
      </Button>
    </form>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(send).not.toHaveBeenCalled();
});

test('a button tells screen readers its key', () => {
  render(<Button keyHint="r">Resolve</Button>);
  expect(screen.getByRole('button', { name: 'Resolve' }).getAttribute('aria-keyshortcuts')).toBe('R');
});

test('a picture button has a name, and a reason in it when it is off', () => {
  render(<IconButton label="Archive" icon={<svg aria-hidden="true" />} disabledReason="Not yours" />);
  expect(screen.getByRole('button', { name: 'Archive. Not yours' })).toBeDefined();
});

test('a field in error is marked and described by what is wrong', () => {
  render(<TextField label="Code" error="Used already" help="From your lead" />);
  const field = screen.getByLabelText('Code');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const described = (field.getAttribute('aria-describedby') ?? '').split(' ');
  const notes = described.map((id) => document.getElementById(id)?.textContent);
  expect(notes).toEqual(expect.arrayContaining(['Used already', 'From your lead']));
});

test('a password is hidden until asked for', async () => {
  render(<PasswordField label="Password" />);
  const field = screen.getByLabelText('Password');
  expect(field.getAttribute('type')).toBe('password');
  await userEvent.click(screen.getByRole('button', { name: 'Show the password' }));
  expect(field.getAttribute('type')).toBe('text');
});

test('a select opens by key and gives the chosen value', async () => {
  const choose = vi.fn();
  render(<Select label="Reason" options={options} onChange={choose} placeholder="Choose" />);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard('{Enter}');
  await user.click(screen.getByRole('option', { name: 'Spam' }));
  expect(choose).toHaveBeenCalledExactlyOnceWith('spam');
});

test('arrow keys choose among radios', async () => {
  const choose = vi.fn();
  render(<RadioGroup label="Reason" options={options} defaultValue="answered" onChange={choose} />);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard('{ArrowDown}');
  expect(choose).toHaveBeenCalledExactlyOnceWith('spam');
});

test('a menu does what is chosen and gives focus back', async () => {
  const act = vi.fn();
  render(
    <Menu label="More" trigger={<Button>More</Button>} entries={[{ id: 'a', label: 'Release' }]} onAction={act} />,
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'More' }));
  await user.click(screen.getByRole('menuitem', { name: 'Release' }));
  expect(act).toHaveBeenCalledExactlyOnceWith('a');
  expect(screen.queryByRole('menu')).toBeNull();
});

function Asking({ onConfirm }: { onConfirm: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>Discard</Button>
      <AlertDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Discard it?"
        confirmLabel="Discard it"
        onConfirm={onConfirm}
      >
        It is gone then.
      </AlertDialog>
    </>
  );
}

test('a question starts on the harmless answer and gives focus back', async () => {
  const confirm = vi.fn();
  render(<Asking onConfirm={confirm} />);
  const user = userEvent.setup();
  const opener = screen.getByRole('button', { name: 'Discard' });
  await user.click(opener);
  expect(screen.getByRole('alertdialog', { name: 'Discard it?' })).toBeDefined();
  expect(document.activeElement?.textContent).toBe('Cancel');
  await user.keyboard('{Enter}');
  expect(confirm).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(document.activeElement).toBe(opener));
});

test('letters do nothing on the screen behind an open dialog', async () => {
  const shortcuts = createShortcuts();
  const run = vi.fn();
  shortcuts.register({ id: 'conversation.resolve', label: 'Resolve', keys: 'r', scope: 'global', run });
  const { rerender } = render(<ShortcutsProvider shortcuts={shortcuts}>{null}</ShortcutsProvider>);
  const user = userEvent.setup();
  await user.keyboard('r');
  expect(run).toHaveBeenCalledTimes(1);
  rerender(
    <ShortcutsProvider shortcuts={shortcuts}>
      <Dialog isOpen onOpenChange={() => {}} title="Other">
        Words
      </Dialog>
    </ShortcutsProvider>,
  );
  await user.keyboard('r');
  expect(run).toHaveBeenCalledTimes(1);
});
