/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pluginSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { type ChatRequest, type SetupContext } from '@gatewright/core';
import { ask, gatewayWith } from './gateway.test.kit.ts';

// What every plugin keeps. The suite of its role, where the testkit has one, belongs here too.
pluginSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options: { instruction: 'Be brief.' } },
);

describe('a chat', () => {
  test('gets the instruction, before what it says itself', async () => {
    const taps: ((request: ChatRequest) => ChatRequest)[] = [];
    const transform = { request: { tap: (_operation: string, tap: (typeof taps)[0]) => taps.push(tap) } };
    const context = { hooks: { transform }, http: { use: () => undefined } };
    await plugin.setup(context as unknown as SetupContext, { instruction: 'Be brief.' });
    const asked: ChatRequest = {
      model: 'demo',
      stream: false,
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Why?' }] }],
    };
    const [first, ...others] = taps[0]?.(asked).messages ?? [];
    assert.deepEqual(first, { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] });
    assert.deepEqual(others, asked.messages);
  });

  test('is answered, with the header', async (t) => {
    const { status, headers } = await ask(await gatewayWith({ instruction: 'Be brief.' }, t), 'Why?');
    assert.deepEqual([status, headers['x-my-middleware']], [200, '0.1.0']);
  });
});
