/** The plugin keeps the contract, and refuses what cannot work when it is set up. */
import { createGateway, silentLogger, type Plugin } from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import providerSimulated from '@gatewright/provider-simulated';
import { pluginSuite } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import plugin from './index.ts';

pluginSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: { strategy: ['tags', 'least-busy'], hedge: { after: '2s' }, latency: { halfLife: 500 } },
  },
);

test.each([
  [{ strategy: 'best' }],
  [{ strategy: [] }],
  [{ hedge: { after: '0s' } }],
  [{ hedge: { after: 'soon' } }],
  [{ hedge: { after: '1s', most: 1 } }],
  [{ latency: { halfLife: 0 } }],
  [{ sticky: { by: ['moon'] } }],
  [{ tagHeader: 'X Tags' }],
  [{ mirrors: 0 }],
])('options %j are refused', (options) => expect(plugin.options.safeParse(options).success).toBe(false));

test.each([
  [{ split: { shares: { a: 60, b: 30 } } }],
  [{ split: { shares: { a: 110, b: -10 } } }],
  [{ mirror: { model: 'm', share: 2 } }],
  [{ hedge: true }],
])('options %j of a model are refused', (options) => {
  expect(plugin.modelOptions?.safeParse(options).success).toBe(false);
});

test('times are milliseconds, or texts', () => {
  const after = (given: unknown): unknown => plugin.options.parse({ hedge: { after: given } }).hedge?.after;
  expect([250, '250', '250ms', '2s', '1m'].map(after)).toEqual([250, 250, 250, 2000, 60_000]);
});

/** What keeps a gateway with these settings from starting. */
async function refusal(models: Record<string, unknown>, options = {}): Promise<string> {
  const plugins = [dialectOpenai, providerSimulated].map((use) => ({ use: use as Plugin }));
  const config = { models: models as never, plugins: [...plugins, { use: plugin as Plugin, with: options }] };
  const gateway = await createGateway(config, { logger: silentLogger }).catch((error: Error) => error.message);
  if (typeof gateway === 'string') return gateway;
  await gateway.close();
  return '';
}

const withRouting = (routing: unknown): Record<string, unknown> => ({
  smart: { targets: ['simulated/one', 'simulated/two'], aliases: ['clever'], with: { routing } },
  fast: { targets: ['simulated/small'] },
});

test.each([
  [
    { mirror: { model: 'fsat' } },
    'models.smart.with.routing.mirror.model  there is no model "fsat"\n    help: did you mean "fast"?',
  ],
  [{ mirror: { model: 'other-thing' } }, 'help: the models are: smart, clever, fast'],
  [{ mirror: { model: 'clever' } }, 'a model cannot be its own mirror'],
  [
    { split: { shares: { 'simulated/one': 50, 'simulated/tow': 50 } } },
    'models.smart.with.routing.split.shares  no target is in the group "simulated/tow"\n    help: did you mean "simulated/two"?',
  ],
  [{ strategy: 'lowest-cost' }, 'the strategy lowest-cost needs prices: add a plugin that provides them'],
  [{ strategy: ['tags', 'most-budget'] }, 'the strategy most-budget needs counters: add a plugin that provides state'],
])('%j keeps the gateway from starting', async (routing, message) => {
  expect(await refusal(withRouting(routing))).toContain(message);
});

test.each([
  [
    { tags: ['gold'] },
    {},
    'targets[0].with.routing.tags  the strategy of the model "smart" does not look at tags\n    help: say strategy: [tags] on the model',
  ],
  [{ tags: ['gold'] }, { strategy: ['least-busy'] }, 'help: say strategy: [tags, least-busy] on the model'],
  [{ group: 'canary' }, {}, 'targets[0].with.routing.group  the model "smart" has no split that could know this group'],
])('what a target says and nobody reads is refused: %j', async (said, routing, message) => {
  const targets = [{ provider: 'simulated', model: 'one', with: { routing: said } }];
  expect(await refusal({ smart: { targets, with: { routing } } })).toContain(message);
});

test("tags that are looked at by the plugin's own strategy are well", async () => {
  const targets = [{ provider: 'simulated', model: 'one', with: { routing: { tags: ['a'] } } }];
  expect(await refusal({ smart: { targets } }, { strategy: 'tags' })).toBe('');
});

test('what is well starts, and a model that only a pattern covers may be a mirror', async () => {
  expect(await refusal(withRouting({ mirror: { model: 'fast' }, split: { shares: { 'simulated/one': 100 } } }))).toBe(
    '',
  );
  const models = { ...withRouting({ mirror: { model: 'sim/any' } }), 'sim/*': { targets: ['simulated/*'] } };
  expect(await refusal(models)).toBe('');
});
