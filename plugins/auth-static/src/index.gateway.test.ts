/** Keys let their owners in, and nobody else, through a whole gateway. */
import { createGateway, silentLogger, type Gateway } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import provider from '@gatewright/provider-simulated';
import { afterAll, beforeAll, expect, test } from 'vitest';
import plugin from './index.ts';

const ADA = 'sk-ada-0123456789abcdef';
const CI = 'sk-ci-0123456789abcdef';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await createGateway(
    {
      plugins: [
        { use: dialect },
        { use: provider, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
        {
          use: plugin,
          with: {
            keys: [
              { id: 'ada', key: ADA },
              { id: 'ci', key: CI, models: ['test-*'], operations: ['chat', 'models'] },
            ],
          },
        },
      ],
      models: { smart: { targets: ['simulated/a'] }, 'test-1': { targets: ['simulated/b'] } },
    },
    { logger: silentLogger },
  );
});
afterAll(() => gateway.close());

async function chat(
  authorization: string | undefined,
  model: string,
): Promise<[status: number, code: string | undefined]> {
  const reply = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    payload: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  });
  expect(reply.body).not.toContain('0123456789abcdef');
  const { error } = JSON.parse(reply.body) as { error?: { code: string } };
  return [reply.statusCode, error?.code];
}

test.each([
  ['a key that may use all', `Bearer ${ADA}`, 'smart', 200, undefined],
  ['a key in another spelling of the scheme', `bearer ${ADA}`, 'test-1', 200, undefined],
  ['a key on a model that its pattern allows', `Bearer ${CI}`, 'test-1', 200, undefined],
  ['a key on a model that it may not use', `Bearer ${CI}`, 'smart', 403, 'GW_FORBIDDEN'],
  ['an unknown key', `Bearer ${ADA}x`, 'smart', 401, 'GW_UNAUTHENTICATED'],
  ['no key', undefined, 'smart', 401, 'GW_UNAUTHENTICATED'],
  ['an empty key', 'Bearer ', 'smart', 401, 'GW_UNAUTHENTICATED'],
])('%s', async (_what, authorization, model, status, code) => {
  expect(await chat(authorization, model)).toEqual([status, code]);
});

test('a bad configuration is refused with the place of each mistake, and shows no key', async () => {
  const keys = [
    { id: 'ada', key: ADA },
    { id: 'ada', key: ADA },
  ];
  const booting = createGateway({ plugins: [{ use: plugin, with: { keys } }], models: {} }, { logger: silentLogger });
  const error: Error = await booting.then(
    () => new Error('booted'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toMatchObject({ code: 'GW_CONFIG' });
  expect(error.message).toContain('plugins[0].with.keys[1].key');
  expect(error.message).toContain('plugins[0].with.keys[1].id');
  expect(error.message).not.toContain(ADA);
});
