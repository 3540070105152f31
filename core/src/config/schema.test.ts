/** What is said about configurations that are not of the schema. */
import { describe, expect, test } from 'vitest';
import { configOf, saidOf } from './folder.test.fixture.ts';

describe('what does not fit the schema is refused with its place', () => {
  const cases: readonly [name: string, yaml: string, said: string][] = [
    [
      'a misspelt section',
      'limts: {}\n',
      'gatewright.yaml:1:1  limts  unknown key "limts"\n    help: did you mean "limits"?',
    ],
    [
      'an unknown key that is near to nothing',
      'listen:\n  tls: true\n',
      'gatewright.yaml:2:3  listen.tls  unknown key "tls"\n    help: known keys: host, port',
    ],
    [
      'a port that is a word',
      'listen: { port: http }\n',
      'gatewright.yaml:1:17  listen.port  must be a number, not a string\n    help: The port to listen on; 0 for any free one.',
    ],
    [
      'a port that does not exist',
      'listen: { port: 70000 }\n',
      'gatewright.yaml:1:17  listen.port  must be at most 65535\n    help: The port to listen on; 0 for any free one.',
    ],
    [
      'an empty section',
      'listen:\n',
      'gatewright.yaml:1:1  listen  must be a map of keys and values, not empty\n    help: Where clients connect.',
    ],
    [
      'plugins as a map',
      'plugins: { use: ./one.ts }\n',
      'gatewright.yaml:1:10  plugins  must be a list, not a map of keys and values\n    help: The plugins, in the order in which their hooks run.',
    ],
    [
      'an entry without use',
      'plugins:\n  - id: one\n',
      'gatewright.yaml:2:5  plugins[0].use  is required\n    help: The plugin: a package name, or a path relative to this file. In TypeScript also the plugin itself.',
    ],
    [
      'a use that is a number',
      'plugins:\n  - use: 5\n',
      'gatewright.yaml:2:10  plugins[0].use  must be a package name, a path, or a plugin\n    help: The plugin: a package name, or a path relative to this file. In TypeScript also the plugin itself.',
    ],
    [
      'an id with a slash',
      'plugins:\n  - { use: ./one.ts, id: a/b, with: { apiKey: k } }\n',
      'gatewright.yaml:2:26  plugins[0].id  must be made of letters, digits, ".", "-" and "_"\n    help: The name of this instance, by which targets and orders refer to it. Default: the plugin\'s own.',
    ],
    [
      'a target without a slash',
      'models:\n  smart:\n    targets: [gpt]\n',
      'gatewright.yaml:3:15  models.smart.targets[0]  must be "provider/model"',
    ],
    [
      'a target without a model',
      'models:\n  gpt-5.6:\n    targets:\n      - provider: one\n',
      'gatewright.yaml:4:9  models["gpt-5.6"].targets[0].model  is required\n    help: The provider\'s own name of the model.',
    ],
    [
      'a negative weight',
      'models: { a: { targets: [{ provider: one, model: m, weight: -1 }] } }\n',
      'gatewright.yaml:1:61  models.a.targets[0].weight  must be at least 0\n    help: The share of first tries among the targets of this model.',
    ],
    [
      'a duration without a unit',
      'timeouts:\n  total: "600"\n',
      'gatewright.yaml:2:10  timeouts.total  must be a duration: milliseconds, or a text such as 500ms, 30s, 2m or 1h, at most 24d\n    help: From the first byte sent to the last byte received. Default 10m.',
    ],
    [
      'a size that is none',
      'limits: { body: huge }\n',
      'gatewright.yaml:1:17  limits.body  must be a size: bytes, or a text such as 500kb, 32mb or 16kib\n    help: The longest request body.',
    ],
    [
      'a word that is not among the choices',
      'models: { a: { targets: [one/m], unsupported: ignore } }\n',
      'gatewright.yaml:1:47  models.a.unsupported  must be one of "refuse", "drop"\n    help: What happens with a field of the request that the target cannot express: refuse the request, or drop the field with a warning header. Default refuse.',
    ],
    [
      'a model without targets',
      'models: { a: {} }\n',
      'gatewright.yaml:1:11  models.a.targets  is required\n    help: Who serves the model: `provider/model`, or an object. With several, the weights decide who is tried first.',
    ],
  ];
  test.each(cases)('%s', async (_, yaml, said) => {
    expect(await saidOf(yaml)).toBe(said);
  });

  test.each([
    ['__proto__: { port: 1 }\n', 'gatewright.yaml:1:1  __proto__  unknown key "__proto__"'],
    ['listen: { __proto__: { port: 1 } }\n', 'gatewright.yaml:1:11  listen.__proto__  unknown key "__proto__"'],
    [
      'models: { __proto__: { targets: [a/b] } }\n',
      'gatewright.yaml:1:22  models.__proto__  no model can have this name',
    ],
  ])('a key that would be a prototype: %s', async (yaml, said) => {
    expect((await saidOf(yaml)).split('\n')[0]).toBe(said);
    expect(({} as { port?: unknown }).port).toBeUndefined();
  });
});

describe('the defaults', () => {
  test('are those of the documentation', async () => {
    const config = await configOf('models: { a: { targets: [one/some/model] } }\n');
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 4000 });
    expect(config.limits).toEqual({
      body: 32_000_000,
      bodyTimeout: 30_000,
      upload: 256_000_000,
      uploadTimeout: 300_000,
      headers: 16_384,
      depth: 256,
      reply: 64_000_000,
      stream: 256_000_000,
      event: 32_000_000,
    });
    expect(config.timeouts).toEqual({ setup: 10_000, hook: 30_000, drain: 30_000 });
    expect(config.models[0]?.targets).toEqual([
      {
        provider: 'one',
        model: 'some/model',
        weight: 1,
        retries: 1,
        timeouts: {
          connect: 5_000,
          headers: 300_000,
          firstToken: 120_000,
          idle: 120_000,
          content: 300_000,
          total: 600_000,
        },
        unsupported: 'refuse',
        reports: 'upstream',
        rescue: 'error',
        onClientGone: 'cancel',
        keepAlive: 25_000,
        position: { file: 'gatewright.yaml', line: 1, column: 26, path: 'models.a.targets[0]' },
      },
    ]);
  });
});
