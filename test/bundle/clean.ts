/** Removes the bundles of all packages, for `npm run clean`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders } from '../docs/plugins.ts';
import { ROOT } from '../house/tree.ts';

for (const folder of ['core', ...packageFolders().map((name) => `plugins/${name}`)]) {
  rmSync(join(ROOT, folder, 'bundle'), { recursive: true, force: true });
}
