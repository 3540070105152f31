/** Tests of finding the fenced blocks of a document. */
import { expect, test } from 'vitest';
import { blocksOf, isDocument } from './blocks.ts';

const F = '```';
const blocks = (text: string) => blocksOf({ path: 'README.md', text });

test('a block has its language, its text and the line it begins on', () => {
  expect(blocks(`# Title\n\n${F}sh\nnpm install\nnpm start\n${F}\n\nWords.\n`)).toEqual([
    { path: 'README.md', line: 4, language: 'sh', run: false, text: 'npm install\nnpm start\n' },
  ]);
});

test('the words after the language say what the block is', () => {
  const [first, second] = blocks(`${F}ts run\na\n${F}\n${F}ts file=plugins/x.ts\nb\n${F}`);
  expect(first).toMatchObject({ language: 'ts', run: true });
  expect(second).toMatchObject({ language: 'ts', run: false, file: 'plugins/x.ts' });
  const steps = blocks(`${F}sh walk\na\n${F}\n${F}sh walk until\nb\n${F}\n${F}sh\nc\n${F}`);
  expect(steps.map(({ walk }) => walk)).toEqual(['once', 'until', undefined]);
  const guided = ['guide', 'guide start', 'guide stop', ''].map((words) => `${F}sh ${words}\na\n${F}\n`);
  expect(blocks(guided.join('')).map(({ guide }) => guide)).toEqual(['run', 'start', 'stop', undefined]);
});

test('a longer fence holds a shorter one, and tildes hold backticks', () => {
  expect(blocks(`${F}\`md\n${F}ts\nx\n${F}\n${F}\``)).toMatchObject([{ language: 'md', text: `${F}ts\nx\n${F}\n` }]);
  expect(blocks(`~~~md\n${F}\n~~~`)).toMatchObject([{ text: `${F}\n` }]);
});

test('a block in a list loses the indentation of the list only', () => {
  expect(blocks(`1. Step\n\n   ${F}yaml\n   a:\n     b: 1\n   ${F}`)).toMatchObject([{ text: 'a:\n  b: 1\n' }]);
});

test('inline code is no block', () => {
  expect(blocks(`${F}ts${F} and ${F}x${F}`)).toEqual([]);
});

test('a block that is never closed is refused', () => {
  expect(() => blocks(`a\n${F}ts\nx\n`)).toThrow('README.md:2 opens a block that is never closed.');
});

test.each(['README.md', 'CONTRIBUTING.md', 'core/docs/config/models.md', 'plugins/x/README.md', 'core/README.md'])(
  '%s is held to what it says',
  (path) => {
    expect(isDocument({ path, text: '' })).toBe(true);
  },
);

test.each(['plugins/x/CHANGELOG.md', 'README.txt', 'plugins/x/test/fixture.md'])('%s is not', (path) => {
  expect(isDocument({ path, text: '' })).toBe(false);
});
