/** The matrix as the documentation has it: a cell that is not what it was fails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../house/tree.ts';
import { CASES } from './cases.ts';
import { fill, type Cell } from './cell.ts';
import { fillSurface } from './matrix.ts';
import { MATRIX_PAGE, matrixPage } from './page.ts';
import { Play } from './play.ts';
import type { SurfaceDriver } from './surface.ts';
import { SURFACES } from './surfaces.ts';
import type { UpstreamDriver } from './upstream.ts';
import { UPSTREAMS } from './upstreams.ts';

let play: Play;
const cells: Cell[] = [];

beforeAll(async () => {
  play = await Play.open(UPSTREAMS);
});
afterAll(() => play.close());

describe('a cell shows', () => {
  const [surface] = SURFACES as [SurfaceDriver];
  const [upstream] = UPSTREAMS as [UpstreamDriver];
  const example = CASES.find(({ id }) => id === 'system');

  async function outcome(of: Partial<SurfaceDriver>, at: Partial<UpstreamDriver>): Promise<Cell['outcome']> {
    if (example === undefined) throw new Error('There is no such case.');
    return (await fill(play, { ...surface, ...of }, { ...upstream, ...at }, example, false)).outcome;
  }

  test('what the upstream did not receive', async () => {
    const read: UpstreamDriver['read'] = (body, path) => upstream.read(body, path).slice(1);
    expect(await outcome({}, { read })).toEqual({ kind: 'broken', why: 'lost system: Speak like a pirate.' });
  });

  test('what the upstream received and nobody asked', async () => {
    const read: UpstreamDriver['read'] = (body, path) => [...upstream.read(body, path), 'more'];
    expect(await outcome({}, { read })).toEqual({ kind: 'broken', why: 'added more' });
  });

  test('another order', async () => {
    const read: UpstreamDriver['read'] = (body, path) => upstream.read(body, path).toReversed();
    expect(await outcome({}, { read })).toMatchObject({
      kind: 'broken',
      why: expect.stringMatching(/^order /) as string,
    });
  });

  test('what the SDK did not decode', async () => {
    const ask: SurfaceDriver['ask'] = async (...asked) => (await surface.ask(...asked)).slice(0, -1);
    expect(await outcome({ ask }, {})).toEqual({ kind: 'broken', why: 'answer: lost tokens: 21 in, 13 out' });
  });

  test('another error than the refusal', async () => {
    const ask: SurfaceDriver['ask'] = (one, to) => surface.ask(one, { ...to, model: 'nobody' });
    expect(await outcome({ ask }, {})).toMatchObject({
      kind: 'broken',
      why: expect.stringContaining('GW_UNKNOWN_MODEL') as string,
    });
  });
});

test.each(SURFACES.map((surface): [string, SurfaceDriver] => [surface.id, surface]))(
  '%s: no cell is blank, and none is broken',
  { timeout: 120_000 },
  async (_id, surface) => {
    const filled = await fillSurface(play, surface);
    cells.push(...filled);
    expect(filled).toHaveLength(UPSTREAMS.length * CASES.length * 2);
    expect(filled.filter(({ outcome }) => outcome.kind === 'broken')).toEqual([]);
  },
);

test('every cell is what the documentation says', () => {
  const page = readFileSync(join(ROOT, MATRIX_PAGE), 'utf8');
  expect(matrixPage(cells, SURFACES, UPSTREAMS), 'read it, and run `npm run matrix -- --write`').toBe(page);
});
