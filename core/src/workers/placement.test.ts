/** Tests of where plugins live with several processes, and of who refuses that. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, normalOf } from '../config/load.ts';
import type { NormalConfig } from '../config/normal.ts';
import { definePlugin, type Plugin, type PluginDefinition } from '../plugin.ts';
import { placementOf, placementProblems, primaryPart } from './placement.ts';

function plugin(name: string, more: Partial<PluginDefinition> = {}): { use: Plugin } {
  const definition = { name, version: '1.0.0', engine: '^1', options: z.strictObject({}), setup: () => undefined };
  return { use: definePlugin({ ...definition, ...more }) as Plugin };
}

const load = async (plugins: { use: Plugin }[]): Promise<NormalConfig> =>
  normalOf(await loadConfig({ value: { plugins } }));

test('who says nothing lives in each worker, and who provides what all must share refuses', async () => {
  const { plugins } = await load([
    plugin('guard'),
    plugin('own-keys', { provides: ['prices'] }),
    plugin('own-state', { provides: ['state'] }),
    plugin('shared-store', { provides: ['store'], workers: 'each' }),
  ]);
  expect(plugins.map(placementOf)).toEqual(['each', 'each', 'refuse', 'each']);
});

test('who refuses is named, with what to do', async () => {
  const config = await load([plugin('own-state', { provides: ['state'] }), plugin('tool', { workers: 'refuse' })]);
  expect(placementProblems(config)).toMatchObject([
    {
      plugin: 'own-state',
      position: { path: 'plugins[0]' },
      message: 'Plugin "own-state" cannot be shared by several processes, and the configuration asks for workers.',
      help: 'Serve with "workers: 1", or take a plugin in its place that can be shared.',
    },
    { plugin: 'tool' },
  ]);
});

test('who lives in the primary must say how its services are used from there', async () => {
  const config = await load([plugin('catalogue', { provides: ['prices'], workers: 'primary' })]);
  expect(placementProblems(config)[0]?.message).toBe(
    'Plugin "catalogue" lives in the primary process, and does not say how workers use its service "prices".',
  );
});

test('the primary has what lives there and what that uses, and nothing else', async () => {
  const config = await load([
    plugin('guard'),
    plugin('store', { provides: ['store'], workers: 'each' }),
    plugin('state', { provides: ['state'], workers: 'primary', usesIfPresent: ['store'] }),
    plugin('budgets', { uses: ['state'] }),
  ]);
  expect(primaryPart(config).plugins.map(({ id }) => id)).toEqual(['store', 'state']);
});
