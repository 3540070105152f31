/** The Anthropic provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';
import { prefill } from './prefill.ts';

const KEY = 'sk-ant-7fQ2xLw9Zr4TbVn8KsYp';
const options = (origin: string) => ({ apiKey: KEY, baseUrl: origin });
const stage = providerStage(plugin, options);

afterEach(() => stage.close());

providerSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options, credentials: [KEY] },
);

describe('the contract', () => {
  test('it serves chat and count-tokens in their own dialects', async () => {
    const { rig } = await stage.open();
    expect(rig.options).toEqual({
      operations: {
        chat: { dialect: 'anthropic-messages', prefill },
        'count-tokens': { dialect: 'anthropic-count-tokens' },
      },
    });
  });
});

describe('a call', () => {
  test('posts the bytes it was given to /v1/messages, with key and version', async () => {
    const { server, rig } = await stage.open();
    const body = '{ "model" : "claude-opus-5", "messages": [] }';
    const reply = await rig.send({ body });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', '/v1/messages', body]);
    expect(request?.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' });
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.headers).not.toHaveProperty('anthropic-beta');
  });

  test('counts tokens at /v1/messages/count_tokens', async () => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ operation: 'count-tokens' }));
    expect(server.received[0]?.url).toBe('/v1/messages/count_tokens');
  });

  test("the client's own version wins over the configured one", async () => {
    const { server, rig } = await stage.open({ version: '2024-01-01' });
    await textOf(await rig.send({ headers: { 'anthropic-version': '2026-10-21' } }));
    await textOf(await rig.send());
    expect(server.received.map(({ headers }) => headers['anthropic-version'])).toEqual(['2026-10-21', '2024-01-01']);
  });

  test("the client's betas and the configured ones go out together", async () => {
    const { server, rig } = await stage.open({ betas: ['one', 'two'], headers: { 'Anthropic-Beta': 'three' } });
    await textOf(await rig.send({ headers: { 'anthropic-beta': 'two, four' } }));
    expect(server.received[0]?.headers['anthropic-beta']).toBe('one,two,three,four');
  });

  test('no credential of the client goes on, and no header takes the place of the key', async () => {
    const { server, rig } = await stage.open({ headers: { 'X-Api-Key': 'other' } });
    const headers = { authorization: 'Bearer client', 'x-api-key': 'client' };
    await textOf(await rig.send({ headers }));
    expect(server.received[0]?.headers['x-api-key']).toBe(KEY);
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('bad options are refused at boot', () => {
  test.each([
    ['no key', {}, 'apiKey'],
    ['an empty key', { apiKey: '' }, 'apiKey'],
    ['an address that is none', { apiKey: 'k', baseUrl: 'api.anthropic.com' }, 'baseUrl'],
    ['a version that is no date', { apiKey: 'k', version: 'latest' }, 'version'],
    ['a beta with a comma in it', { apiKey: 'k', betas: ['a,b'] }, 'betas'],
    ['a header value with a line break', { apiKey: 'k', headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
