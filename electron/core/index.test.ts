import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RawPort } from './host-line.ts';

type Listener = (event: never) => void;

/** One end of a port as Electron gives it, driven by hand. */
class HandPort implements RawPort {
  readonly posted: unknown[] = [];
  private readonly listeners = new Map<string, Listener>();

  on(event: 'message' | 'close', take: Listener): void {
    this.listeners.set(event, take);
  }

  start(): void {}

  postMessage(message: unknown): void {
    this.posted.push(message);
  }

  say(data: unknown): void {
    (this.listeners.get('message') as ((event: { data: unknown }) => void) | undefined)?.({ data });
  }

  end(): void {
    (this.listeners.get('close') as (() => void) | undefined)?.();
  }
}

const dir = mkdtempSync(join(tmpdir(), 'core-index-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the core as a process', () => {
  it('answers ready, serves a page, waits for its last word, and says closed', async () => {
    const posted: unknown[] = [];
    let hear: (event: { data: unknown; ports: RawPort[] }) => void = () => {};
    const parentPort = {
      on: (_event: string, take: typeof hear) => {
        hear = take;
      },
      postMessage: (message: unknown) => posted.push(message),
    };
    Object.assign(process, { parentPort });
    await import('./index.ts');
    const say = (data: unknown, ports: RawPort[] = []): void => hear({ data, ports });

    say({ t: 'nonsense' });
    say({ t: 'init', dir, appVersion: '1', runtimeKind: 'official', demoHub: null, platform: 'test' });
    expect(posted.at(-1)).toEqual({ t: 'ready' });
    const page = new HandPort();
    say({ t: 'connect' }, [page]);
    page.say({ op: 'query', id: 1, name: 'session.stage', args: {} });
    expect(page.posted).toEqual([
      { op: 'answer', id: 1, ok: true, value: { stage: 'closed', profiles: [], stations: [] } },
    ]);
    say({ t: 'close' });
    page.say({ op: 'query', id: 2, name: 'session.stage', args: {} });
    expect(page.posted).toHaveLength(2);
    expect(posted).not.toContainEqual({ t: 'closed' });
    page.end();
    expect(posted.at(-1)).toEqual({ t: 'closed' });
    expect(posted).toContainEqual({ t: 'log', level: 'warn', text: 'the host sent what is no message' });
  });
});
