import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import * as z from 'zod/mini';

// One set of bundles serves the Electron we ship and the older stand-in of development: built for the lower one.
const node = 'node20.18';
const chrome = 'chrome130';

const packageForm = z.object({ devDependencies: z.object({ electron: z.string() }) });
const { devDependencies } = z.parse(packageForm, JSON.parse(readFileSync('package.json', 'utf8')));

// `dependencies` of package.json (natives only) stay outside the bundles; everything else goes in.
export default defineConfig({
  main: {
    define: { __ELECTRON_MADE_FOR__: JSON.stringify(devDependencies.electron) },
    build: {
      target: node,
      minify: true,
      rollupOptions: { input: { index: 'electron/main/index.ts', core: 'electron/core/index.ts' } },
    },
  },
  preload: {
    build: {
      target: node,
      minify: true,
      // A sandboxed preload is one CommonJS file with nothing to load.
      externalizeDeps: false,
      rollupOptions: {
        input: 'electron/preload/index.ts',
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), tailwindcss()],
    build: {
      target: chrome,
      minify: true,
      modulePreload: { polyfill: false },
      // Read from the disk, not from a network: one file is quickest.
      chunkSizeWarningLimit: 4_000,
      // Inlined files would be data: addresses, which the policy allows for pictures only.
      assetsInlineLimit: 0,
      rollupOptions: { input: resolve('renderer/index.html') },
    },
  },
});
