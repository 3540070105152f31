/** Problems as people read them. */
import { expect, test } from 'vitest';
import type { Problem } from './normal.ts';
import { formatProblems, sortProblems } from './problems.ts';

const problems: Problem[] = [
  {
    position: { file: 'a.yaml', line: 12, column: 5, path: 'plugins[1].with.apiKey' },
    message: 'is required',
    plugin: 'x',
  },
  { position: { file: 'a.yaml', line: 2, column: 9, path: '' }, message: 'tabs', help: 'use spaces' },
  { position: { file: 'a.yaml', line: 2, column: 1, path: 'listen' }, message: 'odd' },
  { position: { path: 'models.a' }, message: 'odd too' },
];

test('one line each, and one for the help', () => {
  expect(formatProblems(problems)).toBe(
    [
      'a.yaml:12:5  plugins[1].with.apiKey  x: is required',
      'a.yaml:2:9  tabs',
      '    help: use spaces',
      'a.yaml:2:1  listen  odd',
      'models.a  odd too',
    ].join('\n'),
  );
  expect(formatProblems([])).toBe('');
});

test('colours only where they are asked for', () => {
  const escape = '\u001B[';
  expect(formatProblems(problems, { color: false })).not.toContain(escape);
  expect(formatProblems(problems, { color: true })).toContain(`${escape}31mis required`);
});

test('sorted by line and column', () => {
  expect(sortProblems(problems).map(({ message }) => message)).toEqual(['odd too', 'odd', 'tabs', 'is required']);
});
