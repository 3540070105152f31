/** The matrix: every case through every surface of every upstream, whole and streamed. */
import { CASES } from './cases.ts';
import { fill, type Cell } from './cell.ts';
import type { Play } from './play.ts';
import type { SurfaceDriver } from './surface.ts';
import { UPSTREAMS } from './upstreams.ts';

/** Fills all cells of one surface, one after another. */
export async function fillSurface(play: Play, surface: SurfaceDriver): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const upstream of UPSTREAMS) {
    for (const example of CASES) {
      for (const stream of [false, true]) cells.push(await fill(play, surface, upstream, example, stream));
    }
  }
  return cells;
}
