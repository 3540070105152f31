/** Starts the gateway as it is configured, and streams one answer of the model that needs no account. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGateway } from '@gatewright/core';

const CONFIG = fileURLToPath(new URL('../gatewright.yaml', import.meta.url));
const KEY = 'sk-smoke-test-0123456789';

test('the gateway streams an answer', async (t) => {
  // No other variable than these: the test must not call a provider that costs money.
  const gateway = await createGateway(CONFIG, { env: { GATEWRIGHT_KEY: KEY } });
  t.after(() => gateway.close());
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });

  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'demo',
      messages: [{ role: 'user', content: 'Is anybody there? [simulate: pace-0]' }],
      stream: true,
    }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.match(text, /"content":/);
  assert.match(text, /data: \[DONE\]\s*$/);
});

test('nobody gets in without the key', async (t) => {
  const gateway = await createGateway(CONFIG, { env: { GATEWRIGHT_KEY: KEY } });
  t.after(() => gateway.close());
  const { statusCode } = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    payload: { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] },
  });
  assert.equal(statusCode, 401);
});
