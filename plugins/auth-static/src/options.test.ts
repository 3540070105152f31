/** What the options refuse, and that they say where without saying the key. */
import { expect, test } from 'vitest';
import { options } from './options.ts';

const KEY_A = 'sk-aaaaaaaaaaaaaaaaaaaa';
const KEY_B = 'sk-bbbbbbbbbbbbbbbbbbbb';

function problems(value: unknown): { path: string; message: string }[] {
  const result = options.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

test('takes keys with all that may be said of them', () => {
  const whole = {
    key: KEY_A,
    id: 'ada',
    user: 'ada',
    team: 'research',
    organisation: 'house',
    tags: ['beta'],
    models: ['smart', 'test-*'],
    operations: ['chat'],
    metadata: { cost: { centre: 7 } },
  };
  expect(options.parse({ keys: [whole, { key: KEY_B, id: 'bob' }] })).toEqual({
    keys: [whole, { key: KEY_B, id: 'bob' }],
  });
});

test('refuses a key that is there twice, at its place and without showing it', () => {
  const found = problems({
    keys: [
      { key: KEY_A, id: 'ada' },
      { key: KEY_B, id: 'bob' },
      { key: KEY_A, id: 'eve' },
    ],
  });
  expect(found).toEqual([{ path: 'keys.2.key', message: expect.stringContaining('keys[0]') as string }]);
  expect(JSON.stringify(found)).not.toContain(KEY_A);
});

test('refuses an id that is there twice', () => {
  const found = problems({
    keys: [
      { key: KEY_A, id: 'ada' },
      { key: KEY_B, id: 'ada' },
    ],
  });
  expect(found).toEqual([
    { path: 'keys.1.id', message: expect.stringContaining('"ada" is already that of keys[0]') as string },
  ]);
});

test('reports every problem at once', () => {
  const found = problems({
    keys: [
      { key: KEY_A, id: 'ada' },
      { key: KEY_A, id: 'ada' },
      { key: `${KEY_B}\n`, id: 'bob' },
    ],
  });
  expect(found.map(({ path }) => path)).toEqual(['keys.1.key', 'keys.1.id', 'keys.2.key']);
});

test.each([
  ['a line end', `${KEY_A}\n`],
  ['a blank inside', 'sk aaaaaaaaaaaaaaaaaaaa'],
  ['an umlaut', 'schlüssel-aaaaaaaaaaaaaaa'],
])('refuses a key with %s, which no client could send', (_what, key) => {
  const found = problems({ keys: [{ key, id: 'ada' }] });
  expect(found).toEqual([
    { path: 'keys.0.key', message: expect.stringContaining('no client could send it') as string },
  ]);
  expect(JSON.stringify(found)).not.toContain(key.trim());
});

test.each([
  ['no keys', {}, 'keys'],
  ['an empty list', { keys: [] }, 'keys'],
  ['an empty key', { keys: [{ key: '', id: 'ada' }] }, 'keys.0.key'],
  ['a key without an id', { keys: [{ key: KEY_A }] }, 'keys.0.id'],
  ['an unknown field', { keys: [{ key: KEY_A, id: 'ada', role: 'admin' }] }, 'keys.0'],
  ['an unknown option', { keys: [{ key: KEY_A, id: 'ada' }], header: 'x-key' }, ''],
  ['a function as metadata', { keys: [{ key: KEY_A, id: 'ada', metadata: { f: () => 1 } }] }, 'keys.0.metadata.f'],
])('refuses %s', (_what, value, path) => {
  expect(problems(value).map((problem) => problem.path)).toContain(path);
});
