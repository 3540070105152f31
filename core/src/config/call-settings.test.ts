/** Settings of calls: which level counts, and what is said where one is wrong. */
import { expect, test } from 'vitest';
import { configOf, saidOf } from './folder.test.fixture.ts';

test('retries by reason add to what farther levels say; a number takes the place of all', async () => {
  const config = await configOf(
    [
      'retries: { rateLimited: 3, timeout: 2 }',
      'models:',
      '  a:',
      '    retries: { server: 0 }',
      '    targets:',
      '      - p/m',
      '      - { provider: p, model: n, retries: 4 }',
      '      - { provider: p, model: o, retries: { connection: 5 } }',
      '  b: { retries: 2, targets: [{ provider: p, model: m, retries: { timeout: 1 } }] }',
    ].join('\n'),
  );
  const [a, b] = config.models.map(({ targets }) => targets.map(({ retries }) => retries));
  const others = { overloaded: 1, connection: 1, invalid: 1 };
  expect(a).toEqual([
    { ...others, rateLimited: 3, timeout: 2, server: 0 },
    4,
    { ...others, rateLimited: 3, timeout: 2, server: 0, connection: 5 },
  ]);
  expect(b).toEqual([{ rateLimited: 2, overloaded: 2, server: 2, connection: 2, invalid: 2, timeout: 1 }]);
});

test('attempts and patience may stand at the top and on a model; spare models that are off are left out', async () => {
  const config = await configOf(
    [
      'attempts: 3',
      'models:',
      '  a: { targets: [p/m], contextFallbacks: [b, c], contentFallbacks: [c] }',
      '  b: { targets: [p/m], if: false }',
      '  c: { targets: [{ provider: p, model: m, concurrency: 5 }], attempts: 9, patience: 1m }',
    ].join('\n'),
  );
  const [a, c] = config.models;
  expect(a?.onFailure).toEqual({ attempts: 3, patience: 10_000, contextFallbacks: ['c'], contentFallbacks: ['c'] });
  expect(c?.onFailure).toMatchObject({ attempts: 9, patience: 60_000 });
  expect([a?.targets[0]?.concurrency, c?.targets[0]?.concurrency]).toEqual([undefined, 5]);
});

test.each([
  ['retries: many\n', 'retries  must be a number from 0 to 10, or such numbers by reason'],
  ['retries: { tooFast: 1 }\n', 'tooFast'],
  ['models: { a: { targets: [p/m], contextFallbacks: [b] } }\n', 'models.a.contextFallbacks[0]  there is no model "b"'],
  ['models: { a: { targets: [p/m], contentFallbacks: [a] } }\n', 'a model cannot be its own fallback'],
  ['load: { concurrency: 0 }\n', 'load.concurrency  must be at least 1'],
  ['models: { a: { targets: [p/m], load: {} } }\n', 'unknown key "load"'],
])('%s', async (yaml, said) => {
  expect(await saidOf(yaml)).toContain(said);
});

test('load has a queue and a wait of its own; without it nothing is bounded', async () => {
  expect((await configOf('load: { concurrency: 10 }\n')).load).toEqual({ concurrency: 10, queue: 100, wait: 5000 });
  expect((await configOf('models: {}\n')).load).toBeUndefined();
});
