/** Tests of following guides: planted ones that do what they say, and ones that do not. */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blocksOf } from '../../docs/blocks.ts';
import { Follower, movesOf } from './guide.ts';

const F = '```';
const PATH = 'core/docs/guides/planted.md';

const fenced = (info: string, text: string): string => `${F}${info}\n${text}\n${F}\n\n`;

describe('a guide', { timeout: 60_000 }, () => {
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'guide-')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function follow(...parts: string[]): Promise<void> {
    const blocks = blocksOf({ path: PATH, text: parts.join('') });
    const follower = await Follower.open(join(folder, 'desk'), join(folder, 'state'), blocks, { FROM: 'outside' });
    try {
      for (const move of movesOf(blocks)) await follower.make(move);
    } finally {
      await follower.close();
    }
  }

  test('goes on where it was, with the variables that it had', async () => {
    await follow(
      fenced('sh guide', 'mkdir project\ncd project\nown=1\nexport TOLD=2'),
      fenced('sh guide', 'echo "$own $TOLD $FROM in $(basename "$PWD")"'),
      fenced('text', '1 2 outside in project'),
      fenced('yaml file=deep/file.yaml', 'port: 4000'),
      fenced('sh guide', 'cat deep/file.yaml'),
      fenced('text', 'port: 4000'),
    );
    // The port that it names may be taken: its reader has another one.
    expect(readFileSync(join(folder, 'desk', 'project', 'deep', 'file.yaml'), 'utf8')).toMatch(/^port: (?!4000)\d+\n$/);
  });

  test('leaves running what it starts, until it stops it', async () => {
    const program = 'trap \'echo over > ended; exit\' INT\necho "up $TOLD"\nwhile true; do sleep 0.1; done';
    await follow(
      fenced('sh guide', 'export TOLD=2'),
      fenced('sh guide start', program),
      fenced('text', 'up 2'),
      fenced('sh guide', 'test ! -e ended && echo "still there"'),
      fenced('text', 'still there'),
      fenced('sh guide stop', 'cat ended'),
      fenced('text', 'over'),
      fenced('sh guide start', program.replace('ended', 'ended-too')),
      fenced('text', 'up…'),
    );
    expect(existsSync(join(folder, 'desk', 'ended-too'))).toBe(true);
  });

  test.each([
    [
      'a command that fails',
      [fenced('sh guide', 'echo why; false; echo on')],
      /planted\.md:2 .*A command failed[^]*why/,
    ],
    ['a pipe that fails', [fenced('sh guide', 'false | true')], /A command failed/],
    ['other words', [fenced('sh guide', 'echo two'), fenced('text', 'one')], /It printed\ntwo\n+in place of\none/],
    ['words on the other output', [fenced('sh guide', 'echo two >&2'), fenced('text', 'one')], /It printed\ntwo/],
    [
      'one that ends before it said what was expected',
      [fenced('sh guide start', 'echo down'), fenced('text', 'up…')],
      /It printed\ndown\n\nin place of\nup…/,
    ],
  ])('%s stops it', async (_what, parts, message) => {
    await expect(follow(...parts)).rejects.toThrow(message);
  });
});

test.each([
  ['a program without a file', fenced('ts', 'a')],
  ['a command that nobody types', fenced('sh', 'a')],
  ['words that nobody printed', fenced('text', 'a')],
])('%s is no move', (_what, text) => {
  expect(() => movesOf(blocksOf({ path: PATH, text }))).toThrow(`${PATH}:2 is a block of a guide`);
});
