/** Tests of the links in documents, first in planted ones, then in those of the repository. */
import { expect, test } from 'vitest';
import { lines } from '../house/finding.ts';
import { readTree } from '../house/tree.ts';
import { isDocument } from './blocks.ts';
import { deadLinks } from './links.ts';

const OTHER = { path: 'core/docs/errors.md', text: '# Errors\n\n## What `GW_ONE` is\n' };
const links = (text: string): string[] => lines(deadLinks([{ path: 'core/README.md', text }], [OTHER]));

test.each([
  'docs/errors.md',
  'docs',
  'docs/',
  '../core/docs/errors.md',
  'https://example.com',
  'docs/errors.md#errors',
])('a link to %s leads somewhere', (link) => {
  expect(links(`See [it](${link}).`)).toEqual([]);
});

test('a link to a heading with code in it leads somewhere', () => {
  expect(links('See [it](docs/errors.md#what-gw_one-is).')).toEqual([]);
});

test.each(['docs/gone.md', '/core/docs/errors.md', 'docs/errors.md#gone'])('a link to %s leads nowhere', (link) => {
  expect(links(`One\n\n\`\`\`md\n[x](gone)\n\`\`\`\nSee [it](${link}).`)).toHaveLength(1);
});

test('a dead link is told at its line', () => {
  expect(links('One\n[two](gone)')).toEqual(['core/README.md:2 links to gone, which does not exist.']);
});

test('every link in the documents leads somewhere', () => {
  const files = readTree();
  expect(lines(deadLinks(files.filter(isDocument), files))).toEqual([]);
});

test('the README of the repository lists every package', () => {
  const files = readTree();
  const readme = files.find(({ path }) => path === 'README.md')?.text ?? '';
  const packages = files.map(({ path }) => path).filter((path) => /^(?:core|plugins\/[^/]+)\/README\.md$/.test(path));
  expect(packages.filter((path) => !readme.includes(`](${path}) |`))).toEqual([]);
});
