import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Server and integration tests share one embedded PostgreSQL; each file then takes its own database from a template.
const postgres = ['tests/support/postgres-setup.ts'];

export default defineConfig({
  plugins: [react()],
  test: {
    testTimeout: 15_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{shared,electron,server,build}/**/*.test.ts', 'renderer/**/*.test.ts'],
          globalSetup: postgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['renderer/**/*.test.tsx'],
          setupFiles: ['tests/support/dom-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          environment: 'node',
          include: ['tests/{integration,property,support,bench}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: postgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.e2e.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // A machine that does much else is slow, not wrong: what must come is waited for.
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
          globalSetup: ['tests/support/display-setup.ts'],
        },
      },
    ],
  },
});
