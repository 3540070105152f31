/** Tests of `gatewright check`: what a stranger is told about configurations that are broken. */
import { afterEach, describe, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn, type Outcome } from './terminal.test.kit.ts';

let folder = '';
afterEach(() => removeFolder(folder));

function checkOf(files: Readonly<Record<string, string>>, ...words: string[]): Promise<Outcome> {
  folder = folderOf(files);
  return runIn(folder, ['check', ...words]);
}

/** A plugin in a file beside the configuration. */
const plugin = (setup: string, more = ''): string => `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: 'house', version: '1.0.0', engine: '^1', options: z.strictObject({}), ${more}
  setup({ hooks, use }) { ${setup} },
});
`;

const HOUSE = 'plugins:\n  - use: ./house.ts\n';

describe('a broken configuration is told in whole', () => {
  const cases: readonly [name: string, files: Record<string, string>, said: string][] = [
    [
      'a misspelt section',
      { 'gatewright.yaml': 'modles:\n  fast:\n    targets: [simulated/sim]\n' },
      `gatewright.yaml:1:1  modles  unknown key "modles"
    help: did you mean "models"?

1 problem.
`,
    ],
    [
      'a key that is not in the environment',
      {
        'gatewright.yaml': `plugins:
  - use: '@gatewright/auth-static'
    with:
      keys:
        - { id: team, key: '\${env:TEAM_KEY}' }
`,
      },
      `gatewright.yaml:5:28  plugins[0].with.keys[0].key  @gatewright/auth-static: the environment variable TEAM_KEY is not set
    help: export TEAM_KEY, or add "if: env.TEAM_KEY" to the plugin

1 problem.
`,
    ],
    [
      'packages that are not installed',
      {
        'gatewright.yaml': "plugins:\n  - use: '@gatewright/provider-simulate'\n  - use: house.ts\n",
        'house.ts': plugin(''),
      },
      `gatewright.yaml:2:10  plugins[0].use  @gatewright/provider-simulate: the package "@gatewright/provider-simulate" is not installed (looked in node_modules of <folder> and the folders above)
    help: did you mean "@gatewright/provider-simulated"? Otherwise: npm install @gatewright/provider-simulate
gatewright.yaml:3:10  plugins[1].use  house.ts: the package "house.ts" is not installed (looked in node_modules of <folder> and the folders above)
    help: did you mean "./house.ts"? Otherwise: npm install house.ts

2 problems.
`,
    ],
    [
      'options of the wrong kind and of the wrong name',
      {
        'gatewright.yaml': `plugins:
  - use: '@gatewright/provider-simulated'
    with: { tokensPerSecond: fast, firstTokenDelai: 3 }
`,
      },
      `gatewright.yaml:3:30  plugins[0].with.tokensPerSecond  simulated: must be a number, not a string (@gatewright/provider-simulated 0.1.0)
    help: How fast it answers; 0 for all at once.
gatewright.yaml:3:36  plugins[0].with.firstTokenDelai  simulated: unknown key "firstTokenDelai" (@gatewright/provider-simulated 0.1.0)
    help: did you mean "firstTokenDelay"?

2 problems.
`,
    ],
    [
      'a target at a provider that is not there',
      {
        'gatewright.yaml': `plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
models:
  fast: { targets: [simulatd/sim] }
`,
      },
      `gatewright.yaml:5:21  models.fast.targets[0]  The model "fast" has a target at the provider "simulatd", and no plugin serves that. Did you mean "simulated"?
    help: Add a provider plugin with \`id: simulatd\`, or name one of: simulated.

1 problem.
`,
    ],
    [
      'fallbacks that go round',
      {
        'gatewright.yaml': `models:
  careful: { targets: [x/y], fallbacks: [fast] }
  fast: { targets: [x/y], fallbacks: [careful, slow] }
`,
      },
      `gatewright.yaml:3:39  models.fast.fallbacks[0]  the fallbacks go round in a circle: careful → fast → careful
    help: remove one of these fallbacks
gatewright.yaml:3:48  models.fast.fallbacks[1]  there is no model "slow"
    help: the models are: careful, fast

2 problems.
`,
    ],
    [
      'YAML that is none',
      { 'gatewright.yaml': 'listen: { port: 4000 }\nmodels:\n\tfast: {}\nlisten: {}\n' },
      `gatewright.yaml:3:1  tabs cannot indent YAML
    help: indent with spaces
gatewright.yaml:4:1  this key stands here twice
    help: remove one of the two, or give it another name

2 problems.
`,
    ],
    [
      'values that are out of bounds, and a condition that is none',
      {
        'gatewright.yaml': `limits: { body: 32 megabytes }
hookTimeout: soon
listen: { port: 99999 }
plugins:
  - use: ./house.ts
    if: env.STAGE = "test"
`,
        'house.ts': plugin(''),
      },
      `gatewright.yaml:1:17  limits.body  must be a size: bytes, or a text such as 500kb, 32mb or 16kib
    help: The longest request body.
gatewright.yaml:2:14  hookTimeout  must be a duration: milliseconds, or a text such as 500ms, 30s, 2m or 1h, at most 24d
    help: How long one tap of a hook may take, unless it says otherwise itself.
gatewright.yaml:3:17  listen.port  must be at most 65535
    help: The port to listen on; 0 for any free one.
gatewright.yaml:6:9  plugins[0].if  the condition cannot be read from \`= "test"\` on
    help: write env.NAME, !env.NAME, env.NAME == "value" or env.NAME != "value", joined by && or ||

4 problems.
`,
    ],
    [
      'the same plugin twice',
      { 'gatewright.yaml': `${HOUSE}  - use: ./house.ts\n`, 'house.ts': plugin('') },
      `gatewright.yaml:3:5  plugins[1]  house: the id "house" is already taken by plugins[0], line 2
    help: give this one an id of its own, such as "id: house-2"

1 problem.
`,
    ],
    [
      'a plugin that was written for another core',
      { 'gatewright.yaml': HOUSE, 'house.ts': plugin('').replace('^1', '^2') },
      `gatewright.yaml:2:10  plugins[0].use  ./house.ts: house 1.0.0 was written for engine "^2", and this core has 1.0.0
    help: install a version of house that fits, or another version of @gatewright/core

1 problem.
`,
    ],
    [
      'a plugin that wants to be before nobody',
      { 'gatewright.yaml': HOUSE, 'house.ts': plugin("hooks.auth.tap(() => undefined, { before: 'gard' });") },
      `gatewright.yaml:2:5  plugins[0]  house: Plugin "house" (gatewright.yaml:2:5) wants its tap of hook auth to run before "gard", but there is no plugin of that id. There are: house.

1 problem.
`,
    ],
    [
      'a plugin without the service that it needs',
      { 'gatewright.yaml': HOUSE, 'house.ts': plugin('', "uses: ['prices'],") },
      `gatewright.yaml:2:5  plugins[0]  house: Plugin "house" needs the service "prices", and no plugin provides it.
    help: Installed and able to: @gatewright/prices. For one: npx gatewright add @gatewright/prices

1 problem.
`,
    ],
    [
      'a plugin that fails in its setup: where, and none of the frames of the core',
      { 'gatewright.yaml': HOUSE, 'house.ts': plugin("throw new Error('the vault is sealed');") },
      `Plugin "house" (gatewright.yaml:2:5) failed in its setup: the vault is sealed
    help: Mend what it names, or switch its entry off with "if: false".
    at Object.setup (<folder>/house.ts:6:33)
`,
    ],
    [
      'a plugin that never gets ready',
      { 'gatewright.yaml': `setupTimeout: 40ms\n${HOUSE}`, 'house.ts': plugin('return new Promise(() => undefined);') },
      `Plugin "house" (gatewright.yaml:3:5) failed in its setup: it took longer than 40 ms
    help: Mend what it names, or switch its entry off with "if: false".
`,
    ],
  ];

  test.each(cases)('%s', async (_name, files, said) => {
    const { code, out, err } = await checkOf(files);
    expect(out).toBe(said);
    expect(err).toBe('');
    expect(code).toBe(1);
  });
});

describe('where there is no configuration', () => {
  test('what to do is said', async () => {
    const { code, out } = await checkOf({});
    expect(code).toBe(1);
    expect(out).toBe(`There is no configuration in <folder>.
    help: write a gatewright.yaml there (.yml, .json and gatewright.config.ts work as well), or name one: --config <path>
`);
  });

  test('a file that is named and is not there is said by its name', async () => {
    const { code, out } = await checkOf({}, '--config', 'deploy/gateway.yaml');
    expect(code).toBe(1);
    expect(out).toContain('deploy/gateway.yaml  there is no such file');
  });

  test('two are one too many', async () => {
    const { out } = await checkOf({ 'gatewright.yaml': 'models: {}\n', 'gatewright.json': '{ "models": {} }\n' });
    expect(out).toContain('there is more than one configuration: gatewright.yaml and gatewright.json');
    expect(out).toContain('help: name one of them with --config');
  });
});
