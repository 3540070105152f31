/** What the options take and refuse. */
import { expect, test } from 'vitest';
import { options } from './options.ts';

test('nothing needs to be said', () => {
  expect(options.parse({})).toEqual({ destination: 'stdout', level: 'info', redact: [], buffer: 8_388_608 });
});

test.each([
  ['an unknown level', { level: 'verbose' }, 'level'],
  ['an empty path', { destination: '' }, 'destination'],
  ['one path that is not in a list', { redact: 'user' }, 'redact'],
  ['a buffer that is too small to be one', { buffer: 100 }, 'buffer'],
  ['an unknown option', { pretty: true }, ''],
])('refuses %s', (_what, value, path) => {
  const result = options.safeParse(value);
  expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
