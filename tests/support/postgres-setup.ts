import type { TestProject } from 'vitest/node';
import type { Address } from '#server/db/launch.ts';
import { startTestServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Address;
  }
}

/** vitest's `globalSetup`: one server per test run, its address given to every worker; stopped and removed after. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer({ isDurable: false });
  project.provide('postgres', server.address);
  return () => server.stop();
}
