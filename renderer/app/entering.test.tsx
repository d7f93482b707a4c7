import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { deskError } from '#shared/lib/errors.ts';
import { systemClock } from '#shared/lib/time.ts';
import { fakeWorld, profile } from '#tests/support/fake-core/data.ts';
import { openScreen } from '#tests/support/fake-core/screen.tsx';

test('a computer nobody knows is enrolled by address and code, then signed in', async () => {
  const { core, user } = openScreen((world) => {
    world.me = null;
    world.profiles = [];
  });
  await user.type(await screen.findByRole('textbox', { name: 'Address of the hub' }), 'https://hub.example.com');
  await user.keyboard('{Enter}');
  await screen.findByText('Enter the code, at least 4 characters');
  await user.type(screen.getByRole('textbox', { name: 'Code' }), 'KELP-4471{Enter}');
  await user.type(await screen.findByRole('textbox', { name: 'E-mail' }), 'ana@harbour.example');
  core.refusals.set('session.signIn', deskError('session/wrong-password'));
  await user.type(screen.getByLabelText('Password'), 'not this one{Enter}');
  await screen.findByText(/E-mail or password is wrong/);
  expect(core.asked.map((a) => a.name)).toEqual(['session.enrol', 'session.signIn']);
});

test('a locked profile opens by its password; when the offline time is over it leads to the hub', async () => {
  const { core, user } = openScreen((world) => {
    world.me = null;
    world.profiles = [profile];
    world.stations = [{ id: 'station-1', hubAddress: profile.hubAddress, orgName: profile.orgName }];
  });
  core.refusals.set('session.unlock', deskError('profile/offline-over'));
  await user.type(await screen.findByLabelText('Password'), 'secret secret{Enter}');
  await screen.findByText(/The time without the hub is over/);
  await user.click(screen.getByRole('button', { name: 'Sign in at the hub' }));
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'E-mail' }).value).toBe(profile.email);
});

test('the demo says that it is one, and opens without a password', async () => {
  const { user } = openScreen((world) => {
    world.me = null;
    world.profiles = [{ ...profile, kind: 'demo' }];
  });
  await screen.findByText(/This is the demo/);
  expect(screen.queryByLabelText('Password')).toBeNull();
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'Inbox' });
});

test('who signs in after somebody else sees nothing that was read for them, not even once', async () => {
  const { core } = openScreen((world) => {
    world.profiles = [profile];
  });
  await screen.findByRole('heading', { name: 'Maya Lindqvist' });
  await waitFor(() => expect(core.world.seen.size).toBeGreaterThan(0));
  const { me } = core.world;
  // As the core says it: only that another profile is open, nothing of the rows in it.
  const open = (next: typeof me): void => {
    core.world.me = next;
    core.changed([{ entity: 'local.profile' }, { entity: 'local.status' }]);
  };
  open(null);
  await screen.findByLabelText('Password');
  core.world.rows = core.world.rows.filter((row) => row.entity === 'person' || row.entity === 'team');
  const seen: string[] = [];
  const observer = new MutationObserver(() => seen.push(document.body.textContent ?? ''));
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  if (me) open({ ...me, profile: { ...me.profile, id: 'another' } });
  await screen.findByRole('heading', { name: 'Inbox' });
  await screen.findByText('No conversation is open');
  observer.disconnect();
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((text) => text.includes('Lindqvist'))).toEqual([]);
});

test('sign-out with unsent work names the loss before it happens', async () => {
  const { core, user } = openScreen((world) => {
    world.link = { state: 'unreachable', since: 0, why: 'silent' };
  });
  await user.type(await screen.findByRole('textbox', { name: /^Reply to/ }), 'unsent{Enter}');
  await screen.findByRole('button', { name: '1 waiting' });
  await user.click(screen.getByRole('button', { name: /Ana Keller/ }));
  await user.click(await screen.findByRole('menuitem', { name: /Sign out of this computer/ }));
  const dialog = await screen.findByRole('alertdialog');
  expect(dialog.textContent).toContain('1 item of yours was never confirmed by the hub');
  await user.click(within(dialog).getByRole('button', { name: 'Lose 1 and sign out' }));
  await waitFor(() =>
    expect(core.asked.at(-1)).toMatchObject({ name: 'session.signOut', args: { isLossConfirmed: true } }),
  );
});

function administration() {
  return openScreen(undefined, fakeWorld(systemClock.now(), { role: 'admin', isEmpty: true }));
}

test('a new person gets a one-time password that is shown once', async () => {
  const { user } = administration();
  await user.click(await screen.findByRole('button', { name: 'Add a person' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a person' });
  await user.type(within(dialog).getByRole('textbox', { name: /Name/ }), 'Nora Lind');
  await user.type(within(dialog).getByRole('textbox', { name: /E-mail/ }), 'nora@harbour.example');
  await user.click(within(dialog).getByRole('checkbox', { name: 'Orders' }));
  await user.click(within(dialog).getByRole('button', { name: 'Add a person' }));
  await screen.findByText('tern-quay-84-lantern');
  await user.click(screen.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByText('tern-quay-84-lantern')).toBeNull());
  await screen.findByRole('row', { name: /Nora Lind/ });
});

test('revoking a device names what it costs before it is done', async () => {
  const { core, user } = administration();
  await user.click(await screen.findByRole('tab', { name: 'Devices' }));
  await user.click(
    within(await screen.findByRole('row', { name: /Ben at home/ })).getByRole('button', { name: 'Revoke…' }),
  );
  const dialog = await screen.findByRole('alertdialog', { name: /Revoke Ben at home/ });
  expect(dialog.textContent).toContain('unsent work of Ben Sörensen');
  expect(core.asked).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Revoke…' }));
  await waitFor(() => expect(core.asked.at(-1)?.name).toBe('session.revokeDevice'));
});

test('without the hub nothing of administration can be changed, and it says why', async () => {
  const { core, user } = administration();
  await screen.findByRole('button', { name: 'Add a person' });
  core.setLink({ state: 'unreachable', since: systemClock.now(), why: 'silent' });
  await screen.findByText(/This needs the hub, which is out of reach now/, { selector: '[role="status"] *' });
  await user.click(screen.getByRole('button', { name: 'Add a person' }));
  expect(screen.queryByRole('dialog')).toBeNull();
});
