/** Exchanges carry their cost, and targets without a price are passed over, through a whole gateway. */
import { createGateway, definePlugin, silentLogger, type ExchangeRecord, type Logger } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import provider from '@gatewright/provider-simulated';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';

interface Outcome {
  readonly status: number;
  readonly body: string;
  readonly record: ExchangeRecord;
  readonly warnings: readonly string[];
}

/** Sends one chat through a gateway whose model has these targets. */
async function chat(
  targets: readonly string[],
  options: z.input<typeof plugin.options>,
  stream = false,
): Promise<Outcome> {
  const records: ExchangeRecord[] = [];
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const sink = definePlugin({
    name: 'sink',
    version: '0.0.0',
    engine: '^1',
    options: z.strictObject({}),
    setup: ({ hooks }) => hooks.log.tap((record) => records.push(record)),
  });
  const gateway = await createGateway(
    {
      plugins: [
        { use: dialect },
        { use: provider, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
        { use: plugin, with: options },
        { use: sink },
      ],
      models: {
        smart: { targets: targets.map((target, index) => ({ ...split(target), weight: index === 0 ? 1 : 0 })) },
      },
    },
    { logger },
  );
  const reply = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ model: 'smart', stream, messages: [{ role: 'user', content: 'hello' }] }),
  });
  await gateway.close();
  expect(records).toHaveLength(1);
  return { status: reply.statusCode, body: reply.body, record: records[0] as ExchangeRecord, warnings };
}

function split(target: string): { provider: string; model: string } {
  const [provider = '', model = ''] = target.split('/');
  return { provider, model };
}

test.each([false, true])('the record has what the tokens cost (stream: %s)', async (stream) => {
  const overrides = [{ provider: 'simulated', model: 'm', input: '3', output: '15' }];
  const { status, record } = await chat(['simulated/m'], { overrides }, stream);
  const { input, output } = record.usage ?? { input: 0, output: 0 };
  expect(status).toBe(200);
  expect(input).toBeGreaterThan(0);
  expect(output).toBeGreaterThan(0);
  // 3 and 15 dollars per million tokens are 3,000 and 15,000 nano-dollars per token.
  expect(record.cost).toEqual({
    nanos: BigInt(input) * 3000n + BigInt(output) * 15_000n,
    inputNanos: BigInt(input) * 3000n,
    outputNanos: BigInt(output) * 15_000n,
    price: 'config overrides[0]',
  });
});

test('the simulated provider can stand for one of the catalogue', async () => {
  const { record } = await chat(['simulated/gpt-4o'], { providers: { simulated: 'openai' } });
  const { input, output } = record.usage ?? { input: 0, output: 0 };
  expect(record.cost?.nanos).toBe(BigInt(input) * 2500n + BigInt(output) * 10_000n);
  expect(record.cost?.price).toBe('genai-prices openai/gpt-4o');
});

test('without a price the exchange goes through, and the log says so', async () => {
  const { status, record, warnings } = await chat(['simulated/m'], {});
  expect([status, record.cost]).toEqual([200, undefined]);
  expect(warnings.filter((text) => text.includes('No price is known for simulated/m'))).toHaveLength(1);
});

test('with refuse, a target without a price is passed over before it is called', async () => {
  const { status, record } = await chat(['simulated/dear', 'simulated/cheap'], {
    unpriced: 'refuse',
    free: ['*/cheap'],
  });
  expect([status, record.cost?.nanos]).toEqual([200, 0n]);
  expect(record.attempts.filter(({ result }) => result === 'success').map(({ target }) => target)).toEqual([
    'simulated/cheap',
  ]);
  expect(record.attempts.every(({ target, usage }) => target === 'simulated/cheap' || usage === undefined)).toBe(true);
});

test('with refuse and no target left, the client hears why', async () => {
  const { status, body } = await chat(['simulated/dear'], { unpriced: 'refuse' });
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({
    error: { code: 'GW_UNPRICED', message: expect.stringContaining('No price is known for simulated/dear') as string },
  });
});
