/** Draws the icons again: `node build/icons/make.ts`. Run it after a change of draw.ts; the files are committed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { icns, ico, png } from './draw.ts';

const dir = import.meta.dirname;
for (const size of [16, 32, 48, 64, 128, 256, 512]) writeFileSync(join(dir, `${size}x${size}.png`), png(size));
writeFileSync(join(dir, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(join(dir, 'icon.icns'), icns());
