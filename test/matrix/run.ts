/** `npm run matrix`: fills the matrix and prints it; with `--write`, also into the documentation. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../house/tree.ts';
import type { Cell } from './cell.ts';
import { fillSurface } from './matrix.ts';
import { MATRIX_PAGE, matrixPage } from './page.ts';
import { Play } from './play.ts';
import { SURFACES } from './surfaces.ts';
import { UPSTREAMS } from './upstreams.ts';

const play = await Play.open(UPSTREAMS);
const cells: Cell[] = [];
for (const surface of SURFACES) cells.push(...(await fillSurface(play, surface)));
await play.close();
const page = matrixPage(cells, SURFACES, UPSTREAMS);
process.stdout.write(page);
if (process.argv.includes('--write')) writeFileSync(join(ROOT, MATRIX_PAGE), page);
if (cells.some(({ outcome }) => outcome.kind === 'broken')) process.exitCode = 1;
