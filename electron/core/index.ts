import { hostname } from 'node:os';
import type { CoreInit } from '#shared/ipc/host.ts';
import { secureRandom } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';
import { type Core, createCore } from './core.ts';
import { HostLine, type ParentPort, type RawPort } from './host-line.ts';
import { servePage } from './serve.ts';
import { fetchHttp } from './session/hub-http.ts';
import { slices } from './slices.ts';
import { connectSocket } from './sync/socket.ts';

/** How long a closing core waits for what the pages still have to say (ms). */
const lastWordsMs = 2000;

/** The core process: one core, served to the pages the host connects. */
class CoreProcess {
  private readonly host: HostLine;
  private readonly ports = new Set<RawPort>();
  private core: Core | null = null;
  private isClosing = false;

  constructor(host: HostLine) {
    this.host = host;
    host.onMessage((message, ports) => {
      switch (message.t) {
        case 'init':
          this.init(message);
          break;
        case 'connect':
          this.connect(ports);
          break;
        case 'power':
          this.core?.power(message.state);
          break;
        case 'close':
          this.close();
          break;
        default:
          assertNever(message);
      }
    });
  }

  private init(init: CoreInit): void {
    if (this.core) {
      this.host.log('warn', 'a second init was left alone');
      return;
    }
    const demoEmail = process.env['FAIRLEAD_DEMO_EMAIL'];
    this.core = createCore({
      dir: init.dir,
      build: init.appVersion,
      label: `${hostname()} (${init.platform})`.slice(0, 120),
      slices,
      clock: systemClock,
      random: secureRandom,
      connect: connectSocket,
      http: fetchHttp(systemClock),
      log: (level, text, facts) => this.host.log(level, text, facts),
      secret: (profile, isNew) => this.host.secret(profile, isNew),
      secretForgotten: (profile) => this.host.post({ t: 'secretForgotten', profile }),
      demoHub: init.demoHub,
      ...(demoEmail ? { demoEmail } : {}),
    });
    this.host.post({ t: 'ready' });
  }

  private connect(ports: readonly RawPort[]): void {
    const { core } = this;
    if (!core) {
      this.host.log('warn', 'a page came before init');
      return;
    }
    for (const port of ports) {
      this.ports.add(port);
      servePage(
        core,
        {
          post: (message) => port.postMessage(message),
          onMessage: (take) => port.on('message', (event) => take(event.data)),
          onClose: (take) =>
            port.on('close', () => {
              this.ports.delete(port);
              take();
              if (this.isClosing && this.ports.size === 0) this.end();
            }),
        },
        (level, text, facts) => this.host.log(level, text, facts),
      );
      port.start();
    }
  }

  /** A page that is going may still save a draft: its port closes after its last message. */
  private close(): void {
    this.isClosing = true;
    if (this.ports.size === 0) this.end();
    else systemClock.setTimeout(() => this.end(), lastWordsMs);
  }

  private end(): void {
    if (!this.core) return;
    this.core.close();
    this.core = null;
    this.host.post({ t: 'closed' });
  }
}

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (!parentPort) throw new Error('the core runs as a utility process of the desk');
const host = new HostLine(parentPort);
process.on('uncaughtException', (error) => {
  // The text may carry what a person wrote; its kind and place do not. The host starts a new core.
  const place = /([\w-]+\.(?:ts|js|mjs)):(\d+)/.exec(error.stack ?? '')?.[0] ?? '';
  host.log('error', 'the core ends on an error', { kind: error.name, place });
  process.exit(1);
});
new CoreProcess(host);
