/** The conditions of `if:`. */
import { expect, test } from 'vitest';
import { judgeCondition } from './condition.ts';
import { saidOf } from './folder.test.fixture.ts';

const env = { A: 'a', B: 'b', EMPTY: '' };

test.each([
  ['env.A', true],
  ['env.NONE', false],
  ['env.EMPTY', false],
  ['!env.A', false],
  ['!env.NONE', true],
  ['env.A == "a"', true],
  ["env.A == 'a'", true],
  ['env.A=="b"', false],
  ['env.A != "b"', true],
  ['env.NONE != "b"', true],
  ['env.NONE == ""', true],
  ['env.A && env.B', true],
  ['env.A && env.NONE', false],
  ['env.NONE || env.B', true],
  ['env.A || env.NONE && env.NONE', true],
  ['env.NONE && env.A || env.B', true],
  ['env.NONE && env.NONE || env.NONE', false],
  ['env.A == "x || y" || env.B', true],
  ['  env.A  &&  !env.NONE ', true],
])('%s is %s', (text, verdict) => {
  expect(judgeCondition(text, env)).toBe(verdict);
});

test.each([
  ['', 'the condition ends too early'],
  ['env.A &&', 'the condition ends too early'],
  ['env.A = "a"', 'the condition cannot be read from `= "a"` on'],
  ['env.A == a', 'the condition cannot be read from `== a` on'],
  ['!env.A == "a"', 'the condition cannot be read from `!env.A == "a"` on'],
  ['A', 'the condition cannot be read from `A` on'],
  ['(env.A)', 'the condition cannot be read from `(env.A)` on'],
  ['env.A env.B', 'the condition cannot be read from `env.B` on'],
  ['env.', 'the condition cannot be read from `env.` on'],
])('%s cannot be read', (text, message) => {
  expect(judgeCondition(text, env)).toMatchObject({ message });
});

test('a condition that cannot be read is a problem of the configuration', async () => {
  const yaml = 'plugins:\n  - use: ./one.ts\n    if: env.KEY = 1\n    with: { apiKey: k }\n';
  expect(await saidOf(yaml)).toBe(
    'gatewright.yaml:3:9  plugins[0].if  the condition cannot be read from `= 1` on\n' +
      '    help: write env.NAME, !env.NAME, env.NAME == "value" or env.NAME != "value", joined by && or ||',
  );
});
