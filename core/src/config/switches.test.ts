/** Entries that are switched off. */
import { expect, test } from 'vitest';
import { configOf, saidOf } from './folder.test.fixture.ts';
import { loadConfig } from './load.ts';

const YAML = `
plugins:
  - use: "@acme/not-installed"
    if: env.ACME
    with: { apiKey: "\${env:ACME}" }
  - use: ./one.ts
    with: { apiKey: k }
models:
  smart:
    targets:
      - { provider: acme, model: m, if: env.ACME }
      - { provider: one, model: "\${env:MODEL}", if: env.MODEL }
      - one/m
    fallbacks: [costly, plain]
  costly:
    targets:
      - { provider: acme, model: big, if: env.ACME }
  plain: { if: "!env.PLAIN", targets: [one/p] }
  never: { if: false, targets: [one/n] }
`;

test('are left out, neither loaded nor expanded, and listed', async () => {
  const config = await configOf(YAML);
  expect(config.plugins.map((plugin) => plugin.id)).toEqual(['one']);
  expect(config.plugins[0]?.position.path).toBe('plugins[1]');
  expect(config.models.map(({ name, targets }) => [name, targets.map((target) => target.model)])).toEqual([
    ['smart', ['m']],
    ['plain', ['p']],
  ]);
  expect(config.models[0]?.fallbacks).toEqual(['plain']);
  expect(config.models[0]?.targets[0]?.position.path).toBe('models.smart.targets[2]');
  expect(config.skipped.map(({ what, condition, position }) => [what, condition, position.line])).toEqual([
    ['plugin @acme/not-installed', 'env.ACME', 3],
    ['target acme/m of model smart', 'env.ACME', 11],
    ['target one/${env:MODEL} of model smart', 'env.MODEL', 12],
    ['target acme/big of model costly', 'env.ACME', 17],
    ['model costly', 'all its targets are switched off', 15],
    ['model never', 'false', 19],
  ]);
});

test('come back with their variable', async () => {
  const said = await saidOf(YAML, { env: { ACME: 'k', PLAIN: '1' } });
  expect(said.split('\n')[0]).toBe(
    'gatewright.yaml:3:10  plugins[0].use  @acme/not-installed: the package "@acme/not-installed" is not installed (looked in node_modules of <folder> and the folders above)',
  );
});

test('in an object, holes and booleans do the same', async () => {
  const value = {
    plugins: [undefined],
    models: { off: undefined, on: { targets: [undefined, { provider: 'a', model: 'b', if: true }] } },
  };
  expect(await loadConfig({ value, env: {}, cwd: '/' })).toMatchObject({
    config: { plugins: [], models: [{ name: 'on', targets: [{ provider: 'a' }] }], skipped: [] },
  });
});
