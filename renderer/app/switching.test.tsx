import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { talks } from '#tests/support/fake-core/scene.ts';
import { openScreen } from '#tests/support/fake-core/screen.tsx';

/** Words that only one customer's panes may show. */
const marks = {
  'Maya Lindqvist': ['Thank you. I need the tent for Saturday.', 'maya@lindqvist.example', 'HP-20931'],
  'Tomasz Wójcik-Brandenburger': ['Invoice 4471 was charged twice', 'tomasz@wojcik.example', 'HP-20877'],
  'Priya Raman': [
    'Can you send it to the warehouse instead?',
    'priya@raman.example',
    'HP-20950',
    'I have asked the warehouse to send it on',
  ],
};

function pane(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`section[aria-label="${name}"]`);
}

/** What the two panes of a conversation show, fields included. */
function shown(): { title: string; text: string } {
  const conversation = pane('Conversation');
  const field = conversation?.querySelector('textarea')?.value ?? '';
  const text = `${conversation?.textContent ?? ''} ${field} ${pane('Customer')?.textContent ?? ''}`;
  return { title: conversation?.querySelector('h1')?.textContent ?? '', text };
}

test('while switching, no customer’s words, draft or data stand under another’s name for even one change of the page', async () => {
  const { core, user } = openScreen();
  await screen.findByRole('heading', { name: 'Maya Lindqvist' });
  const mixtures = new Set<string>();
  let looks = 0;
  const look = (): void => {
    const { title, text } = shown();
    looks += 1;
    for (const [name, words] of Object.entries(marks)) {
      if (name === title) continue;
      for (const word of words) if (text.includes(word)) mixtures.add(`“${word}” under “${title}”`);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  for (let round = 0; round < 3; round += 1) {
    for (const name of Object.keys(marks)) {
      await user.click(screen.getByRole('option', { name: new RegExp(name) }));
      core.customerSays(talks.guest, `meanwhile ${round}`);
      look();
    }
    await user.keyboard('{Control>}3{/Control}');
    await user.keyboard('{Control>}1{/Control}');
  }
  observer.disconnect();
  expect(looks).toBeGreaterThan(20);
  expect([...mixtures]).toEqual([]);
});

test('what is written in one conversation waits there while another is open', async () => {
  const { user } = openScreen();
  await screen.findByRole('heading', { name: 'Maya Lindqvist' });
  const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^(Reply to|Note)/ });
  await user.type(await screen.findByRole('textbox', { name: /Reply to/ }), 'for Maya only');
  await user.click(screen.getByRole('option', { name: /Tomasz/ }));
  await waitFor(() => expect(field().value).toBe(''));
  await user.type(field(), 'for Tomasz');
  await user.click(screen.getByRole('option', { name: /Maya/ }));
  await waitFor(() => expect(field().value).toBe('for Maya only'));
});

test('an answer that comes late belongs to its own conversation only', async () => {
  const { core, user } = openScreen();
  await screen.findByRole('heading', { name: 'Maya Lindqvist' });
  core.freeze();
  core.changed();
  await user.click(screen.getByRole('option', { name: /Håkon/ }));
  await user.click(screen.getByRole('option', { name: /Priya/ }));
  core.thaw();
  core.restart();
  await screen.findByRole('heading', { name: 'Priya Raman' });
  await waitFor(() => expect(shown().text).toContain('Can you send it to the warehouse instead?'));
  expect(shown().text).not.toContain('Thanks, it arrived!');
});

test('a conversation that is taken away is said to be gone; no neighbour slips under typing fingers', async () => {
  const { core, user } = openScreen();
  await screen.findByRole('heading', { name: 'Maya Lindqvist' });
  await user.type(await screen.findByRole('textbox', { name: /Reply to/ }), 'half a sent');
  core.world.rows = core.world.rows.filter((row) => !(row.entity === 'head' && row.id === talks.maya));
  core.world.held.delete(talks.maya);
  const { deskError } = await import('#shared/lib/errors.ts');
  core.refusals.set('conversation.open', deskError('conversation/not-found'));
  core.changed();
  await screen.findByText('This conversation is not with your teams.');
  expect(screen.queryByRole('textbox', { name: /Reply to/ })).toBeNull();
  expect(shown().text).not.toContain('I need the tent');
});
