/** `npm run package`: the packaged app for this system. Arguments go to electron-builder (`-- --dir`: no archives). */
import { ensureBundle, ensurePackage, isStandInAllowed, packageComplaint } from './ground/bundle.mjs';
import { say, step } from './ground/shell.mjs';
import { command, setup } from './setup.mjs';

await command(async () => {
  const runtime = await setup();
  const complaint = packageComplaint(runtime, isStandInAllowed());
  if (complaint) throw new Error(complaint);
  await step('bundles', ensureBundle);
  // Archives need tools that come from the same place as the official runtime.
  const args = process.argv.slice(2);
  const isDirOnly = runtime.kind === 'fallback' && !args.includes('--dir');
  await step('package', () => ensurePackage(isDirOnly ? [...args, '--dir'] : args));
  if (runtime.kind === 'fallback') say('made with the stand-in runtime: for tests only, never to be given to users');
});
