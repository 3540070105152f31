/** Holds the plugin to the contract of providers, and to what is special about this one. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = 'a-key-that-opens-nothing-0123';
const options = (origin: string) => ({ apiKey: KEY, baseUrl: `${origin}/v1` });
const stage = providerStage(plugin, options);

// Servers on the loopback stand in for the API: nothing is called elsewhere.
providerSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options, credentials: [KEY] },
);

describe('this API', () => {
  afterEach(() => stage.close());

  test('is called at its path, with the key alone', async () => {
    const { server, rig } = await stage.open();
    const reply = await rig.send({ operation: 'chat', body: '{"a":1}', headers: { authorization: 'Bearer client' } });
    assert.deepEqual([reply.status, await textOf(reply)], [200, '{"ok":true}']);
    const [request] = server.received;
    assert.equal(request?.url, '/v1/chat/completions');
    assert.equal(request.headers['authorization'], `Bearer ${KEY}`);
  });
});
