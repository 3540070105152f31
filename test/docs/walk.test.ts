/** Tests of following walk-throughs: first of reading them, then those of the examples, word by word. */
import { relative } from 'node:path';
import { startPostgres, startRedis } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTree, ROOT } from '../house/tree.ts';
import { blocksOf, isDocument } from './blocks.ts';
import { matches, stepsOf, Walk, type Step } from './walk.ts';
import { Workshop } from './workshop.ts';

const F = '```';

test('a step has the text block behind it, and no other', () => {
  const text = `${F}sh walk\na\n${F}\n${F}text\nA\n${F}\n${F}sh walk\nb\n${F}\n${F}sh\nc\n${F}\n${F}text\nC\n${F}\n`;
  const steps = stepsOf(blocksOf({ path: 'README.md', text }));
  expect(steps.map(({ block, shown }) => [block.text, shown])).toEqual([
    ['a\n', 'A\n'],
    ['b\n', undefined],
  ]);
});

test('what is shown must be what was printed, apart from an ellipsis and space at the ends of lines', () => {
  expect(matches('one \ntwo 17 $0.5\n', 'one\ntwo … $0.5\n')).toBe(true);
  expect(matches('one\ntwo\nthree', 'one\ntwo')).toBe(false);
  expect(matches('zero\none', 'one')).toBe(false);
  expect(matches('a0b', 'a.b')).toBe(false);
});

test('a command that fails or prints something else stops the walk; ports are others than those of the document', async () => {
  const planted = new Workshop('planted-walk');
  const document = planted.write('README.md', 'It is on port 4001.\n');
  const walk = await Walk.open(relative(ROOT, document));
  const step = (text: string, shown?: string): Step => ({
    block: { path: 'README.md', line: 1, language: 'sh', run: false, walk: 'once', text },
    shown,
  });
  try {
    await walk.follow(step('cat README.md\n', 'It is on port 4001.\n'));
    await walk.follow(step('[ 4001 != 40"01" ]\n'));
    await expect(walk.follow(step('false\n'))).rejects.toThrow('false');
    await expect(walk.follow(step('echo two\n', 'one\n'))).rejects.toThrow('It printed\ntwo');
    expect(await walk.busyPorts()).toEqual([]);
  } finally {
    await walk.close();
    planted.remove();
  }
});

const walks = readTree()
  .filter(isDocument)
  .map((document) => ({ path: document.path, steps: stepsOf(blocksOf(document)) }))
  .filter(({ steps }) => steps.length > 0);

describe.each(walks)('$path', ({ path, steps }) => {
  let walk: Walk;
  beforeAll(async () => {
    // Says what is missing, or installs it where tests may do that.
    const servers = await Promise.all([startPostgres(), startRedis()]);
    await Promise.all(servers.map((server) => server.stop()));
    walk = await Walk.open(path);
  }, 120_000);
  afterAll(() => walk.close());

  test('does what it says, step by step, and Ctrl-C ends all of it', { timeout: 300_000 }, async () => {
    for (const step of steps) {
      await walk.follow(step).catch((error: unknown) => {
        throw new Error(`${path}:${step.block.line} does not do what it says. ${String(error)}`, { cause: error });
      });
    }
    await walk.interrupt();
    expect(await walk.busyPorts()).toEqual([]);
  });
});
