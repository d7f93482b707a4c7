import { type Hello, readToLauncher, type ToFrame } from './bridge.ts';
import { copyFor } from './copy.ts';
import { el, ICONS, icon, setAttribute, setText } from './dom.ts';
import { LAUNCHER_CSS, WHOLE_SCREEN } from './launcher-css.ts';

type Identity = string | null | (() => Promise<string | null>);

/** The one name this script adds to the page. */
type Fairlead = Readonly<{
  open(): void;
  close(): void;
  /** Who the visitor is: a JWT from the site's server, a function that fetches a fresh one, or null for nobody. */
  identify(identity: Identity): void;
  /** Call at log-out, and wait for it: the conversation and all that is kept of it leave this browser. */
  reset(): Promise<void>;
}>;

declare global {
  interface Window {
    Fairlead?: Fairlead;
  }
}

/** A log-out does not wait longer than this for a hub that is out of reach. */
const FORGET_PATIENCE_MS = 1_500;
/** How long a page may take to say who the visitor is before the chat goes on without. */
const IDENTITY_PATIENCE_MS = 10_000;

function launch(script: HTMLScriptElement): Fairlead {
  const origin = new URL(script.src).origin;
  const site = script.dataset['site'] ?? '';
  const { documentElement: page } = document;
  const language = script.dataset['language'] ?? (page.lang || 'en');
  const direction = getComputedStyle(page).direction === 'rtl' ? 'rtl' : 'ltr';
  const theme = script.dataset['theme'] ?? 'auto';
  const copy = copyFor(language);
  let isOpen = false;
  let port: MessagePort | null = null;
  let identity: Identity = script.dataset['identity'] ?? null;
  let asked = 0;
  const forgotten: (() => void)[] = [];

  const host = el('div', { lang: language.slice(0, 2) === 'de' ? 'de' : 'en', dir: direction });
  const shadow = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LAUNCHER_CSS);
  shadow.adoptedStyleSheets = [sheet];
  const badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
  const button = el('button', { type: 'button', class: 'launch', 'aria-expanded': 'false', 'aria-haspopup': 'dialog' });
  const [chat, fold] = [icon(...ICONS.chat), icon(...ICONS.fold)];
  chat.classList.add('chat');
  fold.classList.add('fold');
  button.append(chat, fold, badge);
  const frame = el('iframe', {
    src: `${origin}/widget/frame?site=${encodeURIComponent(site)}`,
    title: copy.title(script.dataset['name'] ?? document.title),
    allow: '',
    referrerpolicy: 'origin',
  });
  const before = el('div');
  const after = el('div');
  const dialog = el(
    'div',
    { class: 'panel', role: 'dialog', 'aria-label': frame.title, hidden: true },
    before,
    frame,
    after,
  );
  const news = el('div', { class: 'news', role: 'status' });
  const root = el('div', { class: 'root', 'data-theme': theme }, dialog, news, button);
  shadow.append(root);

  const tell = (message: ToFrame): void => port?.postMessage(message);

  const settle = (): void => {
    asked += 1;
    const mine = asked;
    const answer = (jwt: string | null): void => {
      if (mine === asked) tell({ t: 'identity', jwt });
    };
    if (typeof identity !== 'function') {
      answer(identity);
      return;
    }
    const late = setTimeout(() => answer(null), IDENTITY_PATIENCE_MS);
    identity()
      .then(answer, () => answer(null))
      .finally(() => clearTimeout(late));
  };
  const unread = (count: number): void => {
    badge.hidden = count === 0;
    setText(badge, count > 9 ? '9+' : String(count));
    setAttribute(
      button,
      'aria-label',
      count === 0 || isOpen ? (isOpen ? copy.close : copy.open) : copy.openWith(count),
    );
    setText(news, count === 0 || isOpen ? '' : copy.newOutside(count));
  };
  const show = (next: boolean): void => {
    if (next === isOpen) return;
    isOpen = next;
    dialog.hidden = !isOpen;
    setAttribute(root, 'data-open', isOpen ? '' : null);
    setAttribute(button, 'aria-expanded', String(isOpen));
    unread(0);
    tell({ t: 'shown', isShown: isOpen });
    if (isOpen) frame.focus();
    else button.focus();
  };
  frame.addEventListener('load', () => {
    const channel = new MessageChannel();
    port?.close();
    port = channel.port1;
    port.onmessage = (event: MessageEvent<unknown>) => {
      const message = readToLauncher(event.data);
      if (message?.t === 'close') show(false);
      else if (message?.t === 'unread') unread(message.count);
      else if (message?.t === 'identity-wanted') settle();
      else if (message?.t === 'forgotten') for (const done of forgotten.splice(0)) done();
    };
    const jwt = typeof identity === 'function' ? undefined : identity;
    const hello: Hello = {
      t: 'fairlead',
      language,
      direction,
      theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
      jwt,
    };
    frame.contentWindow?.postMessage(hello, origin, [channel.port2]);
    if (typeof identity === 'function') settle();
    if (isOpen) tell({ t: 'shown', isShown: true });
  });
  button.addEventListener('click', () => show(!isOpen));
  // Beside a small panel the page stays in reach; a panel over the whole screen keeps the focus, as nothing else is seen.
  const guard = (): void => {
    const isWhole = whole.matches;
    for (const edge of [before, after]) setAttribute(edge, 'tabindex', isWhole ? '0' : null);
    setAttribute(dialog, 'aria-modal', isWhole ? 'true' : null);
  };
  const whole = matchMedia(WHOLE_SCREEN);
  whole.addEventListener('change', guard);
  guard();
  const round = (at: 'start' | 'end'): void => {
    frame.focus();
    tell({ t: 'focus', at });
  };
  before.addEventListener('focus', () => round('end'));
  after.addEventListener('focus', () => round('start'));
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(false);
  });
  unread(0);
  document.body.append(host);
  return Object.freeze({
    open: () => show(true),
    close: () => show(false),
    identify(next: Identity) {
      identity = next;
      if (port) settle();
    },
    reset() {
      identity = null;
      asked += 1;
      tell({ t: 'reset' });
      show(false);
      return new Promise<void>((done) => {
        forgotten.push(done);
        setTimeout(done, port ? FORGET_PATIENCE_MS : 0);
      });
    },
  });
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.dataset['site'] && !window.Fairlead) window.Fairlead = launch(script);
