/** What models and targets say to single plugins, and everything that can be wrong with it. */
import { expect, test } from 'vitest';
import { folderWith, saidOf } from './folder.test.fixture.ts';
import { loadConfig } from './load.ts';
import { formatProblems } from './problems.ts';

/** A plugin that reads something on models and on targets. */
const ROUTER = `
import { definePlugin, secret } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: '@acme/router', version: '1.0.0', engine: '^1', id: 'router',
  options: z.strictObject({}),
  modelOptions: z.strictObject({
    strategy: z.enum(['first', 'any']).default('first').describe('Who is asked.'),
    most: z.int().min(1).optional().describe('How many are asked.'),
  }),
  targetOptions: z.object({ tags: z.array(z.string()).default([]).describe('Whom it is for.') }),
  setup() {},
});
`;
const FILES = { 'router.ts': ROUTER };
const PLUGINS = 'plugins: [{ use: ./router.ts }, { use: ./one.ts, with: { apiKey: k } }]\n';
const said = (models: string, plugins = PLUGINS): Promise<string> => saidOf(plugins + models, { files: FILES });

async function loaded(models: string, env: Record<string, string> = {}): Promise<unknown> {
  const cwd = folderWith({ ...FILES, 'gatewright.yaml': `plugins: [{ use: ./router.ts }]\n${models}` });
  const result = await loadConfig({ cwd, env });
  if ('problems' in result) throw new Error(formatProblems(result.problems));
  return result.config.models.map((model) => [model.with, model.targets.map((target) => target.with)]);
}

test('they are parsed by the schemas of the plugin, with their defaults', async () => {
  const yaml = `models:
  a:
    with: { router: { most: 2 } }
    targets: [p/m, { provider: p, model: n, with: { router: { tags: [x] } } }, { provider: p, model: o, with: { router: } }]
  b: { targets: [p/m] }
`;
  expect(await loaded(yaml)).toEqual([
    [{ router: { strategy: 'first', most: 2 } }, [undefined, { router: { tags: ['x'] } }, { router: { tags: [] } }]],
    [undefined, [undefined]],
  ]);
});

test('variables of the environment are put in, and read as numbers where one is wanted', async () => {
  const yaml = 'models: { a: { with: { router: { most: "${env:MOST}" } }, targets: [p/m] } }\n';
  expect(await loaded(yaml, { MOST: '3' })).toEqual([[{ router: { strategy: 'first', most: 3 } }, [undefined]]]);
});

test.each([
  [
    'an unknown option on a model',
    'models:\n  a: { targets: [p/m], with: { router: { strat: any } } }\n',
    'gatewright.yaml:3:42  models.a.with.router.strat  router: unknown key "strat"\n    help: known keys: strategy, most',
  ],
  [
    'a wrong value on a model',
    'models:\n  a: { targets: [p/m], with: { router: { strategy: best } } }\n',
    'gatewright.yaml:3:52  models.a.with.router.strategy  router: must be one of "first", "any"\n    help: Who is asked.',
  ],
  [
    'an unknown option on a target, where the schema would let it pass',
    'models:\n  a: { targets: [{ provider: p, model: m, with: { router: { tag: [] } } }] }\n',
    'gatewright.yaml:3:61  models.a.targets[0].with.router.tag  router: unknown key "tag"\n    help: did you mean "tags"?',
  ],
  [
    'a wrong value on a target',
    'models:\n  a: { targets: [p/m, { provider: p, model: m, with: { router: { tags: [1] } } }] }\n',
    'gatewright.yaml:3:73  models.a.targets[1].with.router.tags[0]  router: must be a string, not a number',
  ],
  [
    'no map',
    'models:\n  a: { targets: [p/m], with: { router: any } }\n',
    'gatewright.yaml:3:40  models.a.with.router  router: must be a map of keys and values, not a string',
  ],
  [
    'a misspelt plugin',
    'models:\n  a: { targets: [p/m], with: { ruoter: {} } }\n',
    'gatewright.yaml:3:32  models.a.with.ruoter  there is no plugin "ruoter"\n    help: did you mean "router"?',
  ],
  [
    'a plugin that is near to none',
    'models:\n  a: { targets: [{ provider: p, model: m, with: { balance: {} } }] }\n',
    'gatewright.yaml:3:51  models.a.targets[0].with.balance  there is no plugin "balance"\n    help: those that do: router',
  ],
  [
    'a plugin that takes nothing on models',
    'models:\n  a: { targets: [p/m], with: { one: {} } }\n',
    'gatewright.yaml:3:32  models.a.with.one  the plugin "one" takes no options on a model\n    help: those that do: router',
  ],
])('%s', async (_, models, message) => {
  expect(await said(models)).toBe(message);
});

test('where no plugin takes any, that is said', async () => {
  const plugins = 'plugins: [{ use: ./one.ts, with: { apiKey: k } }]\n';
  const models = 'models:\n  a: { targets: [{ provider: p, model: m, with: { one: {} } }] }\n';
  expect(await said(models, plugins)).toBe(
    'gatewright.yaml:3:51  models.a.targets[0].with.one  the plugin "one" takes no options on a target\n' +
      '    help: remove it: no plugin here takes options on a target',
  );
});

test('what is said to a plugin that is switched off is left alone', async () => {
  const models = 'models:\n  a: { targets: [p/m], with: { router: { any: thing }, rotuer: {} } }\n';
  for (const entry of ['{ use: ./router.ts, if: env.X }', '{ use: "@acme/router", if: env.X }']) {
    expect(await said(models, `plugins: [${entry}]\n`)).toContain('there is no plugin "rotuer"');
    expect(await said(models, `plugins: [${entry}]\n`)).not.toContain('"router"');
  }
});

test('where a plugin could not be loaded, only that is told: it may be the one that is meant', async () => {
  const models = 'models: { a: { targets: [p/m], with: { router: {} } } }\n';
  const text = await said(models, 'plugins: [{ use: ./ruter.ts }]\n');
  expect(text).toContain('there is no file ./ruter.ts');
  expect(text).not.toContain('models.a.with');
});

test('what is no map at all is refused where it stands', async () => {
  expect(await said('models:\n  a: { targets: [p/m], with: 3 }\n')).toContain('gatewright.yaml:3:30  models.a.with');
});
