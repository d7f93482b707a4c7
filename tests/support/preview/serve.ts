// `node tests/support/preview/serve.ts`: the screens in a plain browser, over a desk that lives in the page's memory.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';

const server = await createServer({
  configFile: false,
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  cacheDir: '../../../.cache/preview',
  server: { port: Number(process.env['PORT'] ?? 5199), strictPort: true, fs: { allow: ['../../..'] } },
});
await server.listen();
server.printUrls();
