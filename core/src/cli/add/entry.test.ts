import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { withEntry, type NewEntry } from './entry.ts';

const ENTRY: NewEntry = { use: '@acme/guard', with: { words: ['a'], apiKey: '${env:ACME_KEY}' } };
const LINES = ["- use: '@acme/guard'", '  with:', '    words:', '      - a', '    apiKey: ${env:ACME_KEY}'];
const at = (indent: string): string => LINES.map((line) => `${indent}${line}\n`).join('');

describe('nothing but the new lines changes', () => {
  test.each([
    ['the list is the last thing', 'plugins:\n  - use: ./a.ts\n', at('  '), ''],
    ['something follows', 'plugins:\n  - use: ./a.ts\n', at('  '), '\n# Models.\nmodels: {}\n'],
    ['the list is not indented', 'plugins:\n- use: ./a.ts\n', at(''), 'models: {}\n'],
    ['the last entry has options', 'plugins:\n  - use: ./a.ts\n    with: { b: 1 } # why\n', at('  '), 'models: {}\n'],
    ['the last entry is in braces', 'plugins:\n  - { use: ./a.ts,\n      id: x } # why\n', at('  '), ''],
    [
      'the last value is a text of lines',
      'plugins:\n  - use: ./a.ts\n    with:\n      b: |\n        one\n        two\n',
      at('  '),
      '',
    ],
    ['there are anchors', 'x-a: &a { c: 1 }\nplugins:\n  - use: ./a.ts\n    with: *a\n', at('  '), 'models: {}\n'],
    ['there is a merge', 'x-a: &a { use: ./a.ts }\nplugins:\n  - <<: *a\n', at('  '), ''],
    ['there are no plugins yet', 'models: {} # none\n', `\nplugins:\n${at('  ')}`, ''],
    ['there is nothing at all', '', `plugins:\n${at('  ')}`, ''],
    ['there are only comments', '# Nothing yet.\n', `\nplugins:\n${at('  ')}`, ''],
  ])('where %s', (_where, before, added, after) => {
    expect(withEntry(before + after, ENTRY, 'yaml')).toBe(before + added + after);
  });

  test('where the last line has no end', () => {
    expect(withEntry('plugins:\n  - use: ./a.ts', ENTRY, 'yaml')).toBe(`plugins:\n  - use: ./a.ts\n${at('  ')}`);
  });
});

test.each([
  ['a list in brackets', '# Mine.\nplugins: [{ use: ./a.ts }] # one\nmodels: {}\n'],
  ['an empty list', '# Mine.\nplugins: []\nmodels: {} # one\n'],
  ['a list without a value', '# Mine.\nplugins:\n# one\nmodels: {}\n'],
])('%s is written anew, with its comments', (_what, text) => {
  const made = withEntry(text, ENTRY, 'yaml') ?? '';
  const before = (parse(text) as { plugins?: unknown[] | null }).plugins ?? [];
  expect(parse(made)).toEqual({ plugins: [...before, ENTRY], models: {} });
  expect(made).toContain('# Mine.');
  expect(made).toContain('# one');
});

test('JSON stays JSON', () => {
  const made = withEntry('{ "models": {}, "plugins": [] }', ENTRY, 'json') ?? '';
  expect(JSON.parse(made)).toEqual({ models: {}, plugins: [ENTRY] });
  expect(withEntry('{ "models": ', ENTRY, 'json')).toBeUndefined();
});

test.each([['plugins: ['], ['- a\n- b\n'], ['plugins: { a: 1 }\n']])(
  'what is no configuration is left alone: %j',
  (text) => {
    expect(withEntry(text, ENTRY, 'yaml')).toBeUndefined();
  },
);
