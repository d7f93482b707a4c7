// What Electron's own default app does for `electron FOLDER`. It must be an ES module with a top-level await: Electron
// holds `ready` back until the module is evaluated, so the application's main file still runs before it.
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const args = process.argv.slice(1);
let target = '.';
for (let at = 0; at < args.length; at += 1) {
  if (args[at] === '-r' || args[at] === '--require') {
    at += 1;
    Module._load(args[at], null, true); // a test driver's loader comes this way
  } else if (!args[at].startsWith('-')) {
    target = args[at];
    break;
  }
}

const folder = path.resolve(target);
process.defaultApp = true;
let main = folder;
if (fs.statSync(folder).isDirectory()) {
  const description = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setName(description.productName || description.name);
  app.setVersion(description.version);
  const flag = '--user-data-dir=';
  const given = process.argv.find((arg) => arg.startsWith(flag))?.slice(flag.length);
  const data = given ?? path.join(app.getPath('appData'), app.getName());
  app.setPath('userData', data);
  app.setPath('sessionData', data);
  app.setAppPath(folder);
  main = path.join(folder, description.main || 'index.js');
} else {
  app.setAppPath(path.dirname(folder));
}
await import(pathToFileURL(main).href);
