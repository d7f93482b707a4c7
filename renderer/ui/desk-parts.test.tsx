import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { initials } from './avatar.tsx';
import { Bubble } from './bubble.tsx';
import { ListRow, RowList, RowSection } from './list-row.tsx';
import { CommandPalette } from './palette.tsx';
import { foldFor } from './panes.tsx';
import { RailItem } from './rail.tsx';
import { createShortcuts } from './shortcuts.ts';
import { Age, DueClock, Money } from './time-text.tsx';
import { showToast, Toasts } from './toast.tsx';
import { UiProvider } from './ui-provider.tsx';

const shortcuts = createShortcuts();

function screenAt(clock: FakeClock, children: React.ReactNode, locale = 'en-GB') {
  return render(
    <UiProvider clock={clock} locale={locale} shortcuts={shortcuts}>
      {children}
    </UiProvider>,
  );
}

function List({ onSelect }: { onSelect: (id: string) => void }) {
  const [selected, setSelected] = useState('a');
  const select = (id: string): void => {
    setSelected(id);
    onSelect(id);
  };
  return (
    <RowList label="Inbox" selectedId={selected} onSelect={select}>
      <RowSection title="Yours" count={2}>
        <ListRow id="a" channel="chat" name="Ana" when="now" what="Hello" />
        <ListRow
          id="b"
          channel="email"
          name="<i>Bo</i>"
          isUnread
          when="2 min"
          what="<script>"
          flag="late 0:41"
          flagTone="bad"
        />
      </RowSection>
    </RowList>
  );
}

describe('the list', () => {
  test('opens rows as the arrow keys move', async () => {
    const select = vi.fn();
    render(<List onSelect={select} />);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{ArrowDown}');
    expect(select).toHaveBeenCalledExactlyOnceWith('b');
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('Bo');
  });

  test('says name, channel, unread, age and clock of a row, markup as text', () => {
    render(<List onSelect={() => {}} />);
    const row = screen.getAllByRole('option')[1];
    expect(row?.textContent).toBe('<i>Bo</i>, e-mail, unread2 min<script>late 0:41');
    expect(row?.querySelector('i, script')).toBeNull();
  });

  test('leaves letters to the shortcuts', async () => {
    render(<List onSelect={() => {}} />);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('<');
    expect(document.activeElement?.textContent).toContain('Ana');
  });
});

describe('times on screen', () => {
  test('an age keeps current by itself', () => {
    const clock = new FakeClock();
    screenAt(clock, <Age at={clock.now()} isAgo />);
    expect(screen.getByText('just now')).toBeDefined();
    act(() => clock.advance(121_000));
    expect(screen.getByText('2 min ago')).toBeDefined();
  });

  test('a clock to a deadline counts down, warns, and is late', () => {
    const clock = new FakeClock();
    screenAt(clock, <DueClock at={clock.now() + 200_000} />);
    expect(screen.getByText('3:20')).toBeDefined();
    act(() => clock.advance(128_000));
    expect(screen.getByText('reply 1:12').className).toContain('text-warn');
    act(() => clock.advance(113_000));
    expect(screen.getByText('late 0:41').className).toContain('text-bad');
  });

  test('a computer whose clock is wrong shows hub time', () => {
    const clock = new FakeClock();
    render(
      <UiProvider clock={clock} clockOffsetMs={60_000} locale="en-GB" shortcuts={shortcuts}>
        <Age at={clock.now()} />
      </UiProvider>,
    );
    expect(screen.getByText('1 min')).toBeDefined();
  });

  test('money is written for the locale', () => {
    screenAt(new FakeClock(), <Money minor={8000} currency="EUR" />, 'de-DE');
    expect(screen.getByText('80,00 €')).toBeDefined();
  });
});

test('a right-to-left locale turns the page', () => {
  screenAt(new FakeClock(), null, 'ar');
  expect(document.documentElement.dir).toBe('rtl');
  screenAt(new FakeClock(), null);
  expect(document.documentElement.dir).toBe('ltr');
});

test('a turn shows markup as text and says who wrote it', () => {
  render(<Bubble kind="in" by="Maya" text={'<img src=x onerror="alert(1)">'} meta={null} />);
  const turn = screen.getByRole('article');
  expect(turn.textContent).toBe('Maya: <img src=x onerror="alert(1)">');
  expect(turn.querySelector('img')).toBeNull();
});

test('a place with things that wait says so, and that it is where you are', () => {
  render(<RailItem label="Reports" icon={null} count={2} countLabel="2 open" isCurrent onPress={() => {}} />);
  expect(screen.getByRole('button', { name: 'Reports, 2 open' }).getAttribute('aria-current')).toBe('page');
});

test.each([
  ['Ana Kovač', 'AK'],
  ['Maria da Silva', 'MS'],
  ['سارة الحسن', 'سا'],
  ['7f2c', '7'],
  ['', '?'],
])('the initials of "%s" are %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test('panes fold as the window gets narrow', () => {
  expect([85, 70.6, 70.4, 43, 42].map(foldFor)).toEqual(['wide', 'wide', 'narrow', 'narrow', 'single']);
});

test('the palette does the best match on Enter and closes', async () => {
  const choose = vi.fn();
  const open = vi.fn();
  const items = [
    { id: 'conversation.transfer', label: 'Transfer' },
    { id: 'conversation.resolve', label: 'Resolve', keys: 'r' },
  ];
  render(<CommandPalette isOpen onOpenChange={open} items={items} onChoose={choose} />);
  const user = userEvent.setup();
  await user.keyboard('reso');
  expect(screen.getAllByRole('option').map((item) => item.textContent)).toEqual(['ResolveR']);
  await user.keyboard('{Enter}');
  expect(choose).toHaveBeenCalledExactlyOnceWith('conversation.resolve');
  expect(open).toHaveBeenCalledWith(false);
});

test('a message appears, does its action, and goes', async () => {
  const undo = vi.fn();
  render(<Toasts />);
  act(() => {
    showToast({ text: 'Draft kept', action: { label: 'Undo', run: undo } });
  });
  const region = screen.getByRole('region', { name: /Messages/ });
  expect(within(region).getByText('Draft kept')).toBeDefined();
  await userEvent.click(within(region).getByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledTimes(1);
  expect(screen.queryByText('Draft kept')).toBeNull();
});
