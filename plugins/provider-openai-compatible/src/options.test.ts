/** What options are refused, and with which words. */
import { describe, expect, test } from 'vitest';
import { options } from './options.ts';

const issue = (given: Record<string, unknown>) => options.safeParse(given).error?.issues[0];

describe('an address', () => {
  test.each([
    ['a user name and a password', 'https://user:hunter22@example.com/v1'],
    ['a user name', 'https://key-as-user@example.com/v1'],
    ['a query', 'https://example.com/v1?key=abc'],
    ['a fragment', 'https://example.com/v1#x'],
  ])('with %s is refused without being repeated', (_what, baseUrl) => {
    const found = issue({ baseUrl });
    expect(found?.path).toEqual(['baseUrl']);
    expect(found?.message).toBe('must have no user name, no password, no `?` and no `#`');
  });
});

describe('a key', () => {
  test.each(['sk-1\n', ' sk-1', 'sk 1', 'sk-ü'])('that no header can hold is refused: %j', (apiKey) => {
    const found = issue({ baseUrl: 'https://example.com/v1', apiKey });
    expect([found?.path, found?.message]).toEqual([['apiKey'], expect.stringMatching(/^must be one word/)]);
  });
});

describe('a preset', () => {
  test('that nobody knows is refused, with the one that was meant', () => {
    const found = issue({ preset: 'grok', apiKey: 'k' });
    expect([found?.path, found?.message]).toEqual([['preset'], 'is no preset: did you mean "groq"?']);
  });

  test('wants the key that its vendor wants, and says which', () => {
    const found = issue({ preset: 'groq' });
    expect([found?.path, found?.message]).toEqual([['apiKey'], 'is required by Groq: write "${env:GROQ_API_KEY}"']);
  });

  test.each([
    ['the key is in a header', { headers: { Authorization: 'Bearer k' } }],
    ['the address is another: a proxy may have the key', { baseUrl: 'http://127.0.0.1:1/v1' }],
  ])('wants none where %s', (_what, more) => {
    expect(issue({ preset: 'groq', ...more })).toBeUndefined();
  });
});

test('without a preset there must be an address', () => {
  const found = issue({});
  expect([found?.path, found?.message]).toEqual([['baseUrl'], 'is required where no preset says it']);
});
