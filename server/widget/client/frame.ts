import './frame.css';
import { IdMint } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { type Hello, readHello, readToFrame, type ToLauncher } from './bridge.ts';
import { copyFor } from './copy.ts';
import { formatFor } from './format.ts';
import { Panel } from './panel.ts';
import { WidgetSession } from './session.ts';
import { socketIo } from './socket-io.ts';
import { browserStorage, WidgetStore } from './storage.ts';

/** The page this frame stands in, taken from the hub's own HTML. */
type Place = { site: string; origins: readonly string[] };

function start({ site }: Place, hello: Hello, port: MessagePort): void {
  const root = document.documentElement;
  const copy = copyFor(hello.language);
  root.lang = copy === copyFor('de') ? 'de' : 'en';
  root.dir = hello.direction;
  if (hello.theme !== 'auto') root.dataset['theme'] = hello.theme;
  const { storage, isKept } = browserStorage();
  const tell = (message: ToLauncher): void => port.postMessage(message);
  let isShown = false;
  let isDrawing = false;
  let isForgetting = false;
  /** The page has said who the visitor is, or that it does not know; before that nobody is connected. */
  let isSettled = false;

  const draw = (): void => {
    isDrawing = false;
    const { state } = session;
    if (isForgetting && state.link === 'off') {
      isForgetting = false;
      tell({ t: 'forgotten' });
    }
    // Signed out elsewhere, or not yet connected: an open panel wants a link.
    if (isShown && isSettled && state.link === 'off' && state.obstacle === null) session.start();
    panel.render(state, systemClock.now());
    tell({ t: 'unread', count: isShown && document.visibilityState === 'visible' ? 0 : session.state.unread.length });
  };
  const onChange = (): void => {
    if (isDrawing) return;
    isDrawing = true;
    // Not an animation frame: those stop in a hidden frame, where the unread count must still be told.
    queueMicrotask(draw);
  };
  const session = new WidgetSession({
    clock: systemClock,
    mint: new IdMint(systemClock),
    random: Math.random,
    store: new WidgetStore(storage, site),
    socket: socketIo(location.origin),
    site,
    language: hello.language,
    onChange,
    onIdentityWanted: () => tell({ t: 'identity-wanted' }),
  });
  const panel = new Panel(
    copy,
    formatFor(hello.language, copy),
    {
      send: (text) => session.send(text),
      typed(text) {
        session.keepDraft(text);
        session.type(text.trim() !== '');
      },
      takeBack: (id) => session.takeBack(id)?.text ?? null,
      readAll: () => session.readAll(),
      close: () => tell({ t: 'close' }),
    },
    isKept,
  );
  document.body.replaceChildren(panel.root);

  const know = (jwt: string | null): void => {
    isSettled = true;
    session.setIdentity(jwt);
    panel.composer.set(session.draft);
    if (session.hasHistory || isShown) session.start();
  };
  port.onmessage = (event: MessageEvent<unknown>) => {
    const message = readToFrame(event.data);
    if (message?.t === 'identity') know(message.jwt);
    else if (message?.t === 'focus') panel.focus(message.at);
    else if (message?.t === 'reset') {
      isForgetting = true;
      session.reset();
      panel.composer.set('');
    } else if (message?.t === 'shown') {
      isShown = message.isShown;
      panel.show(isShown, session.state);
      // A frame of another origin learns later than the page that it is drawn; before that nothing in it takes focus.
      if (isShown) requestAnimationFrame(() => panel.focusFirst());
      onChange();
    }
  };
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) tell({ t: 'close' });
  });
  addEventListener('focus', () => {
    if (isShown && document.activeElement === document.body) panel.focusFirst();
  });
  addEventListener('storage', (event) => session.storageChanged(event.key));
  addEventListener('online', () => session.hurry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') session.hurry();
    onChange();
  });
  if (hello.jwt !== undefined) know(hello.jwt);
  draw();
}

/** Waits for the one message that counts: from the page around us, of an origin on the site's list, with a port. */
function listen(place: Place): void {
  const take = (event: MessageEvent<unknown>): void => {
    const hello = readHello(event.data);
    const [port] = event.ports;
    if (event.source !== parent || !place.origins.includes(event.origin) || !hello || !port) return;
    removeEventListener('message', take);
    start(place, hello, port);
  };
  addEventListener('message', take);
}

const { site = '', origins = '' } = document.documentElement.dataset;
listen({ site, origins: origins.split(' ') });
