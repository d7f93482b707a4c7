/** `npm run dev`: the demo hub and the desk with hot reload of the renderer. */
import { askedToEnd, startChild } from './ground/children.mjs';
import { sayWhere, startHub } from './ground/demo.mjs';
import { openDisplay } from './ground/display.mjs';
import { step, tool } from './ground/shell.mjs';
import { command, setup } from './setup.mjs';

await command(async () => {
  const runtime = await setup();
  const ending = askedToEnd();
  const display = await openDisplay();
  const hub = await step('demo hub', startHub, ({ address }) => address);
  sayWhere(hub);
  const dev = startChild([...tool('electron-vite'), 'dev'], {
    ...display.env,
    ELECTRON_EXEC_PATH: runtime.exe,
    FAIRLEAD_DEMO_HUB: hub.address,
    ...(process.getuid?.() === 0 ? { NO_SANDBOX: '1' } : {}),
  });
  dev.process.stdout?.pipe(process.stdout);
  dev.process.stderr?.pipe(process.stderr);
  try {
    await Promise.race([ending, dev.ended]);
  } finally {
    await dev.stop();
    await hub.child.stop();
    display.stop();
  }
});
