import { expect, test } from 'vitest';
import type { NormalPlugin, Problem } from '../config/normal.ts';
import type { PluginDefinition } from '../plugin.ts';
import { setupOrder } from './services.ts';

const plugin = (id: string, more: Partial<PluginDefinition> = {}): NormalPlugin =>
  ({ id, use: id, options: {}, position: { path: id }, plugin: { name: id, ...more } }) as unknown as NormalPlugin;

function order(...plugins: NormalPlugin[]): { ids: string[]; problems: string[] } {
  const problems: Problem[] = [];
  const ids = setupOrder(plugins, problems).map((one) => one.id);
  return { ids, problems: problems.map((problem) => problem.message) };
}

test('a provider is set up before those who use it; else config order holds', () => {
  const sorted = order(
    plugin('a'),
    plugin('user', { uses: ['prices'] }),
    plugin('b'),
    plugin('owner', { provides: ['prices'] }),
  );
  expect(sorted).toEqual({ ids: ['a', 'owner', 'user', 'b'], problems: [] });
});

test('a service that is only used if present orders, but is not missed', () => {
  expect(order(plugin('user', { usesIfPresent: ['prices'] })).problems).toEqual([]);
  const both = order(plugin('user', { usesIfPresent: ['prices'] }), plugin('owner', { provides: ['prices'] }));
  expect(both.ids).toEqual(['owner', 'user']);
});

test('a missing provider, two providers and a circle are problems that name everyone', () => {
  expect(order(plugin('user', { uses: ['state'] })).problems).toEqual([
    'Plugin "user" needs the service "state", and no plugin provides it.',
  ]);
  expect(order(plugin('a', { provides: ['prices'] }), plugin('b', { provides: ['prices'] })).problems).toEqual([
    'Both "a" and "b" provide the service "prices"; only one may.',
  ]);
  const circle = order(
    plugin('a', { provides: ['prices'], uses: ['state'] }),
    plugin('b', { provides: ['state'], uses: ['prices'] }),
  );
  expect(circle.problems).toEqual(['The services of these plugins depend on each other in a circle: "a" → "b" → "a".']);
});
