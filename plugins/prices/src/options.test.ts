/** What the options refuse, with the place and what to write instead. */
import { expect, test } from 'vitest';
import { options } from './options.ts';

function problems(value: unknown): { path: string; message: string }[] {
  const result = options.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

test('nothing needs to be said', () => {
  expect(options.parse({})).toEqual({ overrides: [], free: [], unpriced: 'warn', providers: {} });
});

test('takes a price with everything', () => {
  const whole = {
    provider: 'house',
    model: 'llama-*',
    input: '0.1',
    output: '0.25',
    cacheRead: '0',
    cacheWrite5m: '0.000001',
    cacheWrite1h: '12',
    audioInput: '1',
    imageInput: '1',
    reasoning: '1',
    audioOutput: '1',
    request: '0.000000001',
  };
  expect(options.parse({ overrides: [whole] }).overrides).toEqual([whole]);
});

test('a price that YAML reads as a number is told to be put in quotes', () => {
  expect(problems({ overrides: [{ model: 'm', input: 2.5, output: '1' }] })).toEqual([
    { path: 'overrides.0.input', message: expect.stringContaining('put it in quotes') as string },
  ]);
});

test.each(['1e-3', '-1', '0.0000001', '1,5', '$2', ''])(
  'refuses "%s" as a price, with its unit and precision',
  (input) => {
    expect(problems({ overrides: [{ model: 'm', input, output: '1' }] })).toEqual([
      {
        path: 'overrides.0.input',
        message: 'A price is a decimal string in USD per million tokens, with at most 6 decimal places, such as "2.5".',
      },
    ]);
  },
);

test.each([
  ['a price without output', { overrides: [{ model: 'm', input: '1' }] }, 'overrides.0.output'],
  ['a price for no model', { overrides: [{ input: '1', output: '1' }] }, 'overrides.0.model'],
  ['an unknown class', { overrides: [{ model: 'm', input: '1', output: '1', cached: '1' }] }, 'overrides.0'],
  ['an unknown way', { unpriced: 'shout' }, 'unpriced'],
  ['an unknown option', { currency: 'EUR' }, ''],
  ['a provider that the catalogue does not have', { providers: { mine: 'openai-compatible' } }, 'providers.mine'],
])('refuses %s', (_what, value, path) => {
  expect(problems(value).map((problem) => problem.path)).toEqual([path]);
});
