import { useState } from 'react';
import { Button } from '#renderer/ui/button.tsx';
import { AlertDialog, Dialog, Drawer } from '#renderer/ui/dialog.tsx';
import { TextField } from '#renderer/ui/fields.tsx';
import { Inline, Text } from '#renderer/ui/layout.tsx';
import { CommandPalette } from '#renderer/ui/palette.tsx';
import { ShortcutSheet } from '#renderer/ui/shortcut-sheet.tsx';
import { showToast, Toasts } from '#renderer/ui/toast.tsx';
import { useShortcut, useShortcutList } from '#renderer/ui/use-shortcuts.tsx';
import { Part } from './part.tsx';

type Open = 'none' | 'dialog' | 'drawer' | 'alert' | 'palette' | 'keys';

const nothing = (): void => {};

/** Everything that opens over the rest. */
export function OverlayParts() {
  const [open, setOpen] = useState<Open>('none');
  const list = useShortcutList();
  useShortcut({
    id: 'app.palette',
    label: 'All actions',
    keys: '$mod+k',
    scope: 'global',
    section: 'Desk',
    run: () => setOpen('palette'),
  });
  useShortcut({
    id: 'app.keys',
    label: 'Show the keys',
    keys: '?',
    scope: 'global',
    section: 'Desk',
    run: () => setOpen('keys'),
  });
  useShortcut({
    id: 'conversation.resolve',
    label: 'Resolve',
    keys: 'r',
    scope: 'conversation',
    section: 'Conversation',
    run: nothing,
  });
  useShortcut({
    id: 'conversation.transfer',
    label: 'Transfer to another team',
    keys: 't',
    scope: 'conversation',
    section: 'Conversation',
    disabledReason: 'Not yours',
    run: nothing,
  });
  const shows = (what: Open) => ({ isOpen: open === what, onOpenChange: (on: boolean) => setOpen(on ? what : 'none') });
  return (
    <Part title="Over the rest">
      <Inline isWrapping>
        <Button onPress={() => setOpen('dialog')}>Open dialog</Button>
        <Button onPress={() => setOpen('drawer')}>Open drawer</Button>
        <Button onPress={() => setOpen('alert')}>Ask</Button>
        <Button onPress={() => setOpen('palette')} keyHint="$mod+k">
          Open palette
        </Button>
        <Button onPress={() => setOpen('keys')} keyHint="?">
          Open keys
        </Button>
        <Button onPress={() => showToast({ text: 'Draft kept', tone: 'ok', action: { label: 'Undo', run: nothing } })}>
          Show toast
        </Button>
      </Inline>
      <Dialog
        {...shows('dialog')}
        title="Resolve"
        footer={
          <>
            <Button onPress={() => setOpen('none')}>Cancel</Button>
            <Button variant="primary">Resolve</Button>
          </>
        }
      >
        <TextField label="Reason" help="The customer does not see it." autoFocus />
      </Dialog>
      <Drawer {...shows('drawer')} title="Context">
        <Text>What stands beside, when there is no room beside.</Text>
      </Drawer>
      <AlertDialog
        {...shows('alert')}
        title="Discard this reply?"
        confirmLabel="Discard"
        variant="danger"
        onConfirm={nothing}
      >
        It was not sent. Discarding it cannot be undone.
      </AlertDialog>
      <CommandPalette {...shows('palette')} items={list} onChoose={nothing} />
      <ShortcutSheet {...shows('keys')} />
      <Toasts />
    </Part>
  );
}
