/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialectSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import {
  createGateway,
  definePlugin,
  silentLogger,
  use,
  type EncodeContext,
  type RerankRequest,
} from '@gatewright/core';
import { z } from 'zod';
import { codec } from './codec.ts';

// What every dialect keeps: the last test of the suite has the badge for its name. Put in what the API really sends.
dialectSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: { path: '/rank' },
    samples: {
      'my-dialect-rerank': {
        requests: [{ model: 'm', question: 'Which is blue?', texts: ['sky', 'grass'], most: 1 }],
        answers: [{ id: 'r-1', model: 'm', ranking: [{ text: 0, score: 0.98 }] }],
      },
    },
  },
);

const refusing: EncodeContext = {
  model: 'theirs',
  unsupported(field) {
    throw new Error(`cannot say ${field}`);
  },
  warn: () => undefined,
};

describe('the codec', () => {
  const request = { model: 'm', question: 'Which is blue?', texts: ['sky', 'grass'], most: 1 };
  const answer = { id: 'r-1', model: 'm', ranking: [{ text: 0, score: 0.98 }] };

  test('loses nothing on the way to the neutral form and back', () => {
    const decoded = codec.decodeRequest(request, { headers: {} });
    assert.deepEqual(codec.encodeRequest(decoded, { ...refusing, model: 'm' }), request);
    assert.deepEqual(codec.encodeResponse(codec.decodeResponse(answer), { ...refusing, model: 'm' }), answer);
  });

  for (const [what, change, named] of [
    ['without texts', { texts: undefined }, /texts/],
    ['with a text that is none', { texts: ['sky', 7] }, /texts\.1/],
    ['with half a number', { most: 1.5 }, /most/],
  ] as const) {
    test(`refuses a request ${what}, by the name of the field`, () => {
      assert.throws(() => codec.decodeRequest({ ...request, ...change }, { headers: {} }), named);
    });
  }

  test('refuses what it cannot say, and says so', () => {
    const decoded: RerankRequest = { model: 'm', query: 'q', documents: [{ title: 'sky' }] };
    assert.throws(() => codec.encodeRequest(decoded, refusing), /documents\[0\]/);
  });

  test('reads errors, also those that are no JSON', () => {
    assert.equal(codec.decodeError(429, Buffer.from('{"error":{"message":"Slow down."}}')).message, 'Slow down.');
    assert.match(codec.decodeError(502, Buffer.from('<html>')).message, /502/);
  });
});

test('a request that comes in by its path is answered in the same form', async (t) => {
  const canned = definePlugin({
    name: 'canned',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    setup({ hooks }) {
      const results = [{ index: 1, relevanceScore: 0.5 }];
      hooks.call.answer.tap('rerank', () => ({ response: { id: 'r-2', model: 'm', results } }));
      hooks.call.tap(() => Promise.reject(new Error('Nobody should call.')), {
        operations: { rerank: { dialect: 'my-dialect-rerank' } },
      });
    },
  });
  const gateway = await createGateway(
    { plugins: [use(plugin, { path: '/rank' }), use(canned)], models: { m: { targets: ['canned/m'] } } },
    { logger: silentLogger },
  );
  t.after(() => gateway.close());
  const ask = (payload: object) => gateway.inject({ method: 'POST', url: '/rank', payload });
  const good = await ask({ model: 'm', question: 'q', texts: ['a', 'b'] });
  assert.deepEqual([good.statusCode, good.json<{ ranking: unknown }>().ranking], [200, [{ text: 1, score: 0.5 }]]);
  const bad = await ask({ model: 'm', question: 'q' });
  assert.deepEqual([bad.statusCode, bad.json<{ error: { code: string } }>().error.code], [400, 'GW_BAD_REQUEST']);
});
