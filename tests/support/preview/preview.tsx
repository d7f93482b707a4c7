import { createRoot } from 'react-dom/client';
import { isLocale, startI18n } from '#renderer/app/i18n.ts';
import { openDesk } from '#renderer/app/open-desk.tsx';
import { Gallery } from '#renderer/ui/gallery.tsx';
import { applyTheme } from '#renderer/ui/ui-provider.tsx';
import { systemClock } from '#shared/lib/time.ts';
import { FakeCore } from '#tests/support/fake-core/core.ts';
import { fakeWorld, profile } from '#tests/support/fake-core/data.ts';
import { fakeId } from '#tests/support/fake-core/rows.ts';
import { people, talks } from '#tests/support/fake-core/scene.ts';

/** Worlds to look at, by the name in `?scene=`. */
const scenes: Record<string, (now: number) => FakeCore> = {
  desk: (now) => new FakeCore(fakeWorld(now), systemClock),
  empty: (now) => new FakeCore(fakeWorld(now, { isEmpty: true }), systemClock),
  admin: (now) => new FakeCore(fakeWorld(now, { role: 'admin', isEmpty: true }), systemClock),
  offline(now) {
    const core = scenes['desk']?.(now) ?? new FakeCore(fakeWorld(now), systemClock);
    core.world.link = { state: 'unreachable', since: now - 4000, why: 'silent' };
    core.world.dataAt = now - 4000;
    core.write('conversation.reply', {
      conversationId: talks.maya,
      text: 'I found it: it was scanned at the wrong depot. I can send a new one today by express.',
    });
    core.write('conversation.reply', { conversationId: talks.sara, text: 'نعم، بالطبع.' });
    return core;
  },
  refused(now) {
    const core = new FakeCore(fakeWorld(now), systemClock);
    core.world.link = { state: 'unreachable', since: now - 4000, why: 'silent' };
    const reply = core.write('conversation.reply', {
      conversationId: talks.maya,
      text: 'Your tent arrives on Monday.',
    });
    const resolve = core.write('conversation.resolve', {
      conversationId: talks.maya,
      resolution: 'answered',
      comment: '',
    });
    core.refuseItem(reply, 'conversation/overtaken');
    resolve.state = 'held';
    resolve.group = reply.n;
    core.world.link = { state: 'live', since: now };
    return core;
  },
  long(now) {
    const core = new FakeCore(fakeWorld(now), systemClock);
    for (let i = 0; i < 400; i += 1)
      core.customerSays(
        talks.maya,
        `Message ${i + 1}. ${'More words to make the lines of different height. '.repeat(i % 5)}`,
      );
    return core;
  },
  crowd(now) {
    const core = new FakeCore(fakeWorld(now), systemClock);
    const head = core.world.rows.find((row) => row.entity === 'head' && row.id === talks.elena);
    for (let i = 0; head && i < 800; i += 1) {
      const id = fakeId(50_000 + i);
      core.world.rows.push({ ...head, id, body: { ...(head.body as object), id, customerName: `Guest ${i + 1}` } });
    }
    return core;
  },
  'sign-in'(now) {
    const core = new FakeCore(fakeWorld(now), systemClock);
    core.world.me = null;
    core.world.profiles = [
      { ...profile, lastUsedAt: now - 3_600_000 },
      {
        ...profile,
        id: 'demo-2',
        personName: 'Ben Sörensen',
        email: 'ben@harbour-and-pine.example',
        kind: 'demo',
        lastUsedAt: now - 90_000_000,
      },
    ];
    core.world.stations = [{ id: 'station-1', hubAddress: profile.hubAddress, orgName: profile.orgName }];
    return core;
  },
  enrol(now) {
    const core = new FakeCore(fakeWorld(now), systemClock);
    core.world.me = null;
    return core;
  },
  supervisor: (now) => new FakeCore(fakeWorld(now, { role: 'supervisor' }), systemClock),
};

/** Shows the gallery (`#gallery`, `#gallery-desk`) or the desk in a pretended world (`?scene=offline&theme=dark&locale=de&text=200&dir=rtl`). */
function preview(): void {
  const asked = new URLSearchParams(location.search);
  const theme = asked.get('theme');
  const locale = asked.get('locale') ?? 'en';
  const text = asked.get('text');
  if (text !== null) document.documentElement.style.fontSize = `${text}%`;
  if (location.hash.startsWith('#gallery')) {
    if (theme === 'light' || theme === 'dark') applyTheme(theme);
    startI18n(isLocale(locale) || locale === 'en-XA' ? locale : 'en');
    const root = document.getElementById('root');
    if (root !== null)
      createRoot(root).render(<Gallery hash={location.hash} locale={locale === 'en' ? 'en-GB' : locale} />);
    return;
  }
  const core = (scenes[asked.get('scene') ?? 'desk'] ?? scenes['desk'])?.(systemClock.now());
  if (core === undefined) return;
  localStorage.setItem(
    'fairlead.preferences',
    JSON.stringify({
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      language: isLocale(locale) ? locale : 'en',
      hasLetterKeys: true,
      widths: null,
    }),
  );
  // For whoever looks: `desk.core.customerSays(desk.talks.maya, '…')` in the console.
  Object.assign(window, { preview: { core, talks, people } });
  openDesk(core.desk(), {
    ...(locale === 'en-XA' ? { locale } : {}),
    ...(asked.get('dir') === 'rtl' ? { forcedLocale: 'ar-EG' } : {}),
  });
}

preview();
