import { Archive, Clock3, MoreHorizontal, Tag } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '#renderer/ui/button.tsx';
import { ChannelIcon } from '#renderer/ui/channel-icon.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { Checkbox, RadioGroup, Switch } from '#renderer/ui/choices.tsx';
import { PasswordField, SearchField, TextArea, TextField } from '#renderer/ui/fields.tsx';
import { KeyHint } from '#renderer/ui/key-hint.tsx';
import { Inline, Stack } from '#renderer/ui/layout.tsx';
import { Menu } from '#renderer/ui/menu.tsx';
import { Popover } from '#renderer/ui/popover.tsx';
import { Select } from '#renderer/ui/select.tsx';
import { Part } from './part.tsx';

const nothing = (): void => {};
const reason = 'Only the owner can resolve. Take it first.';

const tones = ['neutral', 'ok', 'warn', 'bad', 'wait', 'accent'] as const;
const variants = ['primary', 'secondary', 'quiet', 'danger'] as const;
const reasons = [
  { value: 'answered', label: 'Answered', help: 'The customer has what they asked for' },
  { value: 'spam', label: 'Spam' },
  { value: 'handled', label: 'Handled elsewhere', isDisabled: true },
] as const;

/** Buttons, chips and keys in every state. */
export function ControlParts() {
  return (
    <>
      <Part title="Button">
        {variants.map((variant) => (
          <Inline key={variant} isWrapping>
            <Button variant={variant}>{variant}</Button>
            <Button variant={variant} keyHint="$mod+Enter">
              with key
            </Button>
            <Button variant={variant} icon={<Tag size="0.875rem" aria-hidden />}>
              with icon
            </Button>
            <Button variant={variant} isDisabled>
              disabled
            </Button>
            <Button variant={variant} disabledReason={reason}>
              says why not
            </Button>
          </Inline>
        ))}
      </Part>
      <Part title="IconButton, Menu, Popover">
        <Inline isWrapping>
          <IconButton label="Snooze" keyHint="h" icon={<Clock3 size="1rem" aria-hidden />} onPress={nothing} />
          <IconButton label="Archive" disabledReason={reason} icon={<Archive size="1rem" aria-hidden />} />
          <Menu
            label="More"
            trigger={<IconButton label="More" variant="secondary" icon={<MoreHorizontal size="1rem" aria-hidden />} />}
            entries={[
              { id: 'release', label: 'Release', help: 'Back to the team', keys: '$mod+Shift+r' },
              { id: 'transfer', label: 'Transfer', isDisabled: true },
              { id: 'delete', label: 'Delete the draft', tone: 'danger' },
            ]}
            onAction={nothing}
          />
          <Popover label="Why you" trigger={<Button>Why me?</Button>}>
            You answered Maya in May, and you speak German.
          </Popover>
        </Inline>
      </Part>
      <Part title="Chip, KeyHint, channels">
        <Inline isWrapping>
          {tones.map((tone) => (
            <Chip key={tone} tone={tone}>
              {tone}
            </Chip>
          ))}
        </Inline>
        <Inline isWrapping>
          <KeyHint keys="$mod+k" />
          <KeyHint keys="g i" />
          <KeyHint keys="Escape" />
          <KeyHint keys="Shift+ArrowUp" />
          <ChannelIcon channel="chat" />
          <ChannelIcon channel="email" />
          <ChannelIcon channel="phone" />
        </Inline>
      </Part>
    </>
  );
}

/** Fields and choices in every state. */
export function FieldParts() {
  const [pick, setPick] = useState<'answered' | 'spam' | 'handled'>('answered');
  return (
    <>
      <Part title="Fields">
        <Stack gap="md">
          <TextField label="Hub address" placeholder="https://hub.example" help="Ask your team lead for it." />
          <TextField label="Code" defaultValue="7F2C-19" error="This code was used already. Ask for a new one." />
          <TextField label="Team" defaultValue="Returns" isDisabled />
          <PasswordField label="Password" defaultValue="tent on saturday" />
          <TextArea label="Reason" placeholder="What happened" />
          <SearchField label="Search the inbox" keyHint="/" />
          <SearchField label="Search with words" defaultValue="tent" />
        </Stack>
      </Part>
      <Part title="Choices">
        <Stack gap="md">
          <Select label="Reason" options={reasons} value={pick} onChange={setPick} />
          <Select label="Team" options={reasons} placeholder="Choose one" error="Choose a team." />
          <RadioGroup label="Resolve as" options={reasons} value={pick} onChange={setPick} />
          <Inline gap="lg" isWrapping>
            <Checkbox>Tell the customer</Checkbox>
            <Checkbox defaultSelected>Keep a copy</Checkbox>
            <Checkbox isIndeterminate>Some</Checkbox>
            <Checkbox isDisabled>Not now</Checkbox>
          </Inline>
          <Inline gap="lg" isWrapping>
            <Switch>Take work</Switch>
            <Switch defaultSelected>Sound</Switch>
            <Switch isDisabled>Not now</Switch>
          </Inline>
        </Stack>
      </Part>
    </>
  );
}
