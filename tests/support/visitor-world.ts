import { vi } from 'vitest';
import type { KeyValue } from '#server/widget/client/storage.ts';
import { signIdentity } from '#server/widget/identity.ts';
import type { Site } from '#server/widget/ports.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { FakeHub, fakeSite } from './fake-visitor-hub.ts';
import { FakeNet, openPage } from './fake-visitor-net.ts';

/** Pages, a net and a hub on a clock that the test owns. */
export function visitorWorld(site: Partial<Site> = {}) {
  const clock = new FakeClock(Date.parse('2026-11-22T10:00:00Z'));
  const hub = new FakeHub(clock, fakeSite(site));
  const net = new FakeNet(clock, () => hub.gateway);
  /** Lets promises run and time pass, in small steps, so that neither outruns the other. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10) {
      clock.advance(Math.min(10, left));
      await new Promise((done) => setImmediate(done));
    }
  };
  /** Passes time until it is so. Signatures are checked on threads of their own, which no fake clock moves. */
  const until = async (isSo: () => boolean): Promise<void> => {
    await vi.waitFor(
      async () => {
        await pass(10);
        if (!isSo()) throw new Error(`not yet: ${isSo.toString()}`);
      },
      { interval: 1, timeout: 5_000 },
    );
  };
  const page = (storage?: KeyValue) => openPage(net, clock, storage ? { storage } : {});
  const identity = (subject: string, name = subject) =>
    signIdentity({ subject, name, email: null }, 'shop', hub.secret, clock.now());
  return { clock, hub, net, pass, until, page, identity };
}
