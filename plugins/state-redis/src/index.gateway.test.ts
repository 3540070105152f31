/** Two gateways on one Redis: one budget, refusals in the words of the client's dialect, and an outage. */
import { createGateway, definePlugin, silentLogger, type Gateway } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import provider from '@gatewright/provider-simulated';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';
import { eventually } from './state.test.kit.ts';

/** A budget of $1 for everybody, of which an exchange may use 30 cents and uses 7. */
const meter = definePlugin({
  name: 'meter',
  version: '0.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup: ({ hooks }) =>
    hooks.meter.reserve.tap(() => ({
      claims: [
        {
          scope: 'global',
          unit: 'nanos',
          window: { kind: 'total', name: 'total' },
          kind: 'budget',
          amount: 300_000_000n,
          limit: 1_000_000_000n,
          actual: () => 70_000_000n,
        },
      ],
    })),
});

let server: RedisServer;
const gateways: Gateway[] = [];

beforeAll(async () => {
  server = await startRedis();
  for (let count = 0; count < 2; count++) {
    const redis = { url: server.url, budgetsWithoutStore: 'zero', commandTimeout: 500 };
    const gateway = await createGateway(
      {
        plugins: [
          { use: dialect },
          { use: provider, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
          { use: plugin, with: redis },
          { use: meter },
        ],
        models: { smart: { targets: [{ provider: 'simulated', model: 'm' }] } },
      },
      { logger: silentLogger },
    );
    gateways.push(gateway);
  }
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await server.stop();
});

async function chat(index: number): Promise<{ status: number; body: { error?: { message: string; code: string } } }> {
  const reply = await gateways[index % 2]?.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hello' }] }),
  });
  return { status: reply?.statusCode ?? 0, body: JSON.parse(reply?.body ?? '{}') as { error?: never } };
}

test('what fits is served, what does not is refused with both numbers, whichever gateway is asked', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, (_one, index) => chat(index)));
  const served = answers.filter(({ status }) => status === 200);
  expect(served.length).toBeGreaterThanOrEqual(3);
  // One after another, until 30 more cents do not fit: 11 × 7 are spent, and 70 is the most that may be before.
  const settled = async (): Promise<boolean> => (await server.command('keys', '*:o:*')) === '*0\r\n';
  await eventually(settled);
  let refusal = await chat(0);
  let count = served.length;
  while (refusal.status === 200) {
    count++;
    await eventually(settled);
    refusal = await chat(count);
  }
  expect(count).toBe(11);
  expect(refusal).toMatchObject({ status: 402, body: { error: { code: 'GW_BUDGET_EXCEEDED' } } });
  expect(refusal.body.error?.message).toContain('It has spent $0.77 of $1.00 (total), $0.00 more is reserved');
});

test('without Redis it is 503 and never 401, and goes on when Redis is back', async () => {
  await server.crash();
  await eventually(async () => (await chat(0)).status === 503 && (await chat(1)).status === 503);
  expect((await chat(0)).body.error).toMatchObject({ code: 'GW_STATE_UNAVAILABLE' });
  await server.start();
  // It comes back empty, and without a store the budget begins again, as the options say.
  await eventually(async () => (await chat(0)).status === 200);
});
