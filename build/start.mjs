/**
 * `npm start`: from a fresh clone to a running desk. Sets up, builds, starts a hub with the demo company and opens the
 * desk, signed in as the demo agent. `-- --once` ends by itself when the desk is ready.
 */
import { join } from 'node:path';
import { ensureBundle } from './ground/bundle.mjs';
import { askedToEnd } from './ground/children.mjs';
import { sayWhere, startDesk, startHub, takePicture } from './ground/demo.mjs';
import { openDisplay } from './ground/display.mjs';
import { say, stateDir, step } from './ground/shell.mjs';
import { command, setup } from './setup.mjs';

const picture = join(stateDir, 'desk.png');

await command(async () => {
  const since = performance.now();
  const isOnce = process.argv.includes('--once');
  const runtime = await setup();
  await step('bundles', ensureBundle);
  const ending = askedToEnd();
  const display = await openDisplay();
  const hub = await step('demo hub', startHub, ({ address }) => address);
  const isWatched = display.isVirtual || isOnce;
  const desk = startDesk({ exe: runtime.exe, address: hub.address, env: display.env, isWatched });
  try {
    sayWhere(hub);
    if (display.isVirtual) say('no display here: the desk runs on a virtual one that nobody sees');
    if (isWatched) {
      await step(
        'desk',
        () => takePicture(desk, picture),
        () => 'signed in',
      );
      say(`a picture of the desk: ${picture}`);
    }
    say(`running after ${((performance.now() - since) / 1000).toFixed(1)} s; Ctrl-C ends it`);
    const how = isOnce ? 'once' : await Promise.race([ending, desk.ended, hub.child.ended.then(() => 'hub')]);
    if (how === 'hub') throw new Error('the hub has ended; the desk would go on offline, the demo does not');
  } finally {
    await desk.stop();
    await hub.child.stop();
    display.stop();
  }
});
