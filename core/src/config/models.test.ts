/** Models, their fallbacks, and where their settings come from. */
import { expect, test } from 'vitest';
import { configOf, saidOf } from './folder.test.fixture.ts';

test('the nearest setting counts: target, model, top, default', async () => {
  const config = await configOf(
    [
      'retries: 5',
      'timeouts: { connect: 1s, idle: 2s }',
      'reports: requested',
      'models:',
      '  a:',
      '    retries: 3',
      '    timeouts: { idle: 4s, total: 2m }',
      '    targets:',
      '      - { provider: p, model: m, retries: 0, unsupported: drop, timeouts: { total: 1500 } }',
      '      - { provider: p, model: n, weight: 0.5, reports: upstream }',
      '      - p/o',
    ].join('\n'),
  );
  const [first, second, third] = config.models[0]?.targets ?? [];
  expect(first).toMatchObject({
    retries: 0,
    unsupported: 'drop',
    reports: 'requested',
    timeouts: { connect: 1000, headers: 300_000, idle: 4000, total: 1500 },
  });
  expect(second).toMatchObject({ retries: 3, weight: 0.5, unsupported: 'refuse', reports: 'upstream' });
  expect(third).toMatchObject({ retries: 3, weight: 1, timeouts: { connect: 1000, idle: 4000, total: 120_000 } });
});

test('models keep their order, places and fallbacks', async () => {
  const config = await configOf('models:\n  b: { targets: [p/m], fallbacks: [a] }\n  a: { targets: [p/m] }\n');
  expect(
    config.models.map(({ name, fallbacks, position }) => [name, fallbacks, position.line, position.column]),
  ).toEqual([
    ['b', ['a'], 2, 3],
    ['a', [], 3, 3],
  ]);
});

test.each([
  [
    'a fallback that is nowhere',
    'models:\n  smart: { targets: [p/m], fallbacks: [fsat] }\n  fast: { targets: [p/m] }\n',
    'gatewright.yaml:2:40  models.smart.fallbacks[0]  there is no model "fsat"\n    help: did you mean "fast"?',
  ],
  [
    'a fallback that is near to nothing',
    'models:\n  smart: { targets: [p/m], fallbacks: [gpt] }\n',
    'gatewright.yaml:2:40  models.smart.fallbacks[0]  there is no model "gpt"\n    help: the models are: smart',
  ],
  [
    'itself',
    'models: { a: { targets: [p/m], fallbacks: [a] } }\n',
    'gatewright.yaml:1:44  models.a.fallbacks[0]  a model cannot be its own fallback\n    help: remove this entry',
  ],
  [
    'a circle, told once',
    'models:\n  z: { targets: [p/m], fallbacks: [a] }\n  a: { targets: [p/m], fallbacks: [b] }\n  b: { targets: [p/m], fallbacks: [c, a] }\n  c: { targets: [p/m] }\n',
    'gatewright.yaml:4:39  models.b.fallbacks[1]  the fallbacks go round in a circle: a → b → a\n    help: remove one of these fallbacks',
  ],
  [
    'no targets',
    'models: { a: { targets: [] } }\n',
    'gatewright.yaml:1:25  models.a.targets  is empty\n    help: add a target: "provider/model"',
  ],
])('%s', async (_, yaml, said) => {
  expect(await saidOf(yaml)).toBe(said);
});

test('two ways to the same fallback are no circle', async () => {
  const yaml =
    'models:\n  a: { targets: [p/m], fallbacks: [b, c] }\n  b: { targets: [p/m], fallbacks: [c] }\n  c: { targets: [p/m] }\n';
  expect(await saidOf(yaml)).toBe('');
});

test('fallbacks are looked at even where the targets are wrong', async () => {
  const said = await saidOf('models: { a: { targets: [x], fallbacks: [a] } }\n');
  expect(said).toContain('must be "provider/model"');
  expect(said).toContain('a model cannot be its own fallback');
});

test('a name stands for one model, and has one star at most', async () => {
  const said = await saidOf(
    'models:\n  a: { targets: [p/m], aliases: [gpt-4, b] }\n  b: { targets: [p/m], aliases: [gpt-4] }\n',
  );
  expect(said).toContain('2:41  models.a.aliases[1]  "b" is a name of the model "b" already');
  expect(said).toContain('3:34  models.b.aliases[0]  "gpt-4" is a name of the model "a" already');
  expect(await saidOf('models:\n  "a/*/*": { targets: [p/m] }\n')).toContain('can have one "*" at most');
});

test('groups are kept, and have plain names', async () => {
  const config = await configOf('models:\n  a: { targets: [p/m], groups: [gold, eu-1] }\n  b: { targets: [p/m] }\n');
  expect(config.models.map(({ groups }) => groups)).toEqual([['gold', 'eu-1'], undefined]);
  expect(await saidOf('models:\n  a: { targets: [p/m], groups: ["@gold"] }\n')).toContain(
    'gatewright.yaml:2:33  models.a.groups[0]  must be made of letters, digits, ".", "-" and "_"',
  );
});
