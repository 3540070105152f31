/** The steps with the guides: each is followed word by word, in a folder of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../../docs/blocks.ts';
import { ROOT } from '../../house/tree.ts';
import type { Note } from './course.ts';
import type { Step } from './first-gateway.ts';
import { Follower, movesOf } from './guide.ts';
import type { Site } from './site.ts';

const GUIDES = 'core/docs/guides';

export const guideSteps = (site: Site): Step[] =>
  readdirSync(join(ROOT, GUIDES))
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => [`the guide ${name}, word by word`, () => follow(name, site)] as const);

async function follow(name: string, site: Site): Promise<Note> {
  const path = `${GUIDES}/${name}`;
  const blocks = blocksOf({ path, text: readFileSync(join(ROOT, path), 'utf8') });
  const moves = movesOf(blocks);
  const follower = await Follower.open(site.path('guides', name), site.path('guides-state', name), blocks, site.env);
  try {
    for (const move of moves) await follower.make(move);
  } finally {
    await follower.close();
  }
  return `${moves.length} blocks`;
}
