/** The Mistral provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const options = (origin: string) => ({ apiKey: KEY, baseUrl: `${origin}/v1` });
const stage = providerStage(plugin, options);

afterEach(() => stage.close());

const KEY = 'q9ZbTn3RkLw8PxVd';

providerSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options, credentials: [KEY] },
);

describe('the contract', () => {
  test('an address with a password is refused', () => {
    expect(() => plugin.options.parse({ apiKey: 'k', baseUrl: 'https://u:p@a.example' })).toThrow(/no user name/);
  });

  test('it serves chat and embeddings in the dialects of OpenAI, and never asks for usage', async () => {
    const { rig } = await stage.open();
    expect(rig.options.operations).toMatchObject({
      chat: { dialect: 'openai-chat', streamUsage: false },
      embeddings: { dialect: 'openai-embeddings' },
    });
  });
});

describe('a call', () => {
  test.each([
    ['chat', '/v1/chat/completions'],
    ['embeddings', '/v1/embeddings'],
  ] as const)('of %s goes to %s, with the key alone', async (operation, path) => {
    const { server, rig } = await stage.open({ headers: { 'X-Team': 'core' } });
    const headers = { authorization: 'Bearer client', 'x-team': 'client' };
    const reply = await rig.send({ operation, body: '{"a":1}', headers });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, '{"a":1}']);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-team': 'core' });
  });
});
