/** A test gateway answers as it is told, and notes what happens. */
import { definePlugin, type PluginDefinition } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { testGateway, type TestGatewayOptions } from './gateway.ts';
import { GREETING } from './script.ts';

const idle = (setup: PluginDefinition['setup'] = () => undefined) =>
  definePlugin({ name: 'sample', version: '1.0.0', engine: '^1', options: z.strictObject({}), setup });

async function opened(options: Partial<TestGatewayOptions> = {}) {
  return testGateway({ plugin: idle(), ...options });
}

test.each([false, true])('a chat is answered (stream: %s), and recorded', async (stream) => {
  const { ask, attempts, records, outcomes, close } = await opened();
  const { status, text, error } = await ask('Hello', { stream });
  expect([status, text, error]).toEqual([200, GREETING, undefined]);
  expect(attempts.map(({ target }) => target.id)).toEqual(['testkit/one']);
  await close();
  expect(records).toMatchObject([{ model: 'demo', result: 'success', identity: { key: 'tester' } }]);
  expect(outcomes).toMatchObject([{ result: 'success', usage: { input: 10, output: 5 } }]);
});

test('taps of the plugin see the neutral form', async () => {
  const plugin = idle(({ hooks }) => {
    hooks.transform.request.tap('chat', (request) => ({ ...request, temperature: 0.5 }));
  });
  const { ask, attempts, close } = await opened({ plugin });
  await ask('Hello');
  expect(JSON.parse(String(attempts[0]?.body))).toMatchObject({ temperature: 0.5, model: 'one' });
  await close();
});

test('errors and broken streams are told', async () => {
  const failing = await opened({ answer: () => ({ status: 500 }) });
  expect((await failing.ask('Hello')).status).toBe(500);
  await failing.close();
  const { ask, close, records } = await opened({ answer: () => ({ text: ['a', 'b'], cut: true }) });
  const { text, error } = await ask('Hello', { stream: true });
  expect([text, error]).toEqual(['ab', expect.stringMatching(/broke/)]);
  await close();
  expect(records[0]?.result).toBe('error');
});

test('a request that is none is refused', async () => {
  const plugin = idle(({ hooks }) => hooks.transform.request.tap('chat', (request) => request));
  const { ask, close } = await opened({ plugin });
  expect(await ask('', { request: { messages: 7 as never } })).toMatchObject({ status: 400, error: 'GW_BAD_REQUEST' });
  await close();
});
