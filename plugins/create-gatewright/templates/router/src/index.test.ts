/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routerSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { createGateway, silentLogger, use } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import simulated from '@gatewright/provider-simulated';

// What every router keeps: the last test of the suite has the badge for its name.
routerSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options: { first: 'second' } },
);

describe('a request', () => {
  for (const [first, wanted] of [
    ['second', 'sim-second'],
    ['unheard-of', 'sim-first'],
  ] as const) {
    test(`goes to ${wanted} where ${first} is to be first`, async (t) => {
      const gateway = await createGateway(
        {
          plugins: [
            use(dialect),
            { ...use(simulated), id: 'first' },
            { ...use(simulated), id: 'second' },
            use(plugin, { first }),
          ],
          // The second target would never be tried first: its weight is nothing.
          models: {
            demo: {
              targets: [
                { provider: 'first', model: 'sim-first', weight: 1 },
                { provider: 'second', model: 'sim-second', weight: 0 },
              ],
            },
          },
        },
        { logger: silentLogger },
      );
      t.after(() => gateway.close());
      const response = await gateway.inject({
        method: 'POST',
        url: '/v1/chat/completions',
        payload: { model: 'demo', messages: [{ role: 'user', content: 'Hello [simulate: pace-0]' }] },
      });
      assert.deepEqual([response.statusCode, response.json<{ model: string }>().model], [200, wanted]);
    });
  }
});
