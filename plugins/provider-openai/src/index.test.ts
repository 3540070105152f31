/** The OpenAI provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test } from 'vitest';
import { providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';

const KEY = 'sk-proj-7fQ2xLw9Zr4TbVn8KsYp';
const options = (origin: string) => ({ apiKey: KEY, baseUrl: `${origin}/v1` });
const stage = providerStage(plugin, options);

afterEach(() => stage.close());

providerSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options,
    credentials: [KEY],
    models: ['gpt-5.6', 'babbage-002', 'o4-mini-deep-research'],
  },
);

describe('the contract', () => {
  test('it serves what the API has, each in its own dialect', async () => {
    const { rig } = await stage.open();
    const spoken = Object.entries(rig.options.operations).map(([name, one]) => [name, [one].flat()[0]?.dialect]);
    expect(Object.fromEntries(spoken)).toMatchObject({
      chat: 'openai-chat',
      completions: 'openai-completions',
      embeddings: 'openai-embeddings',
      moderation: 'openai-moderation',
      images: 'openai-images',
      'image-edit': 'openai-image-edits',
      'image-variation': 'openai-image-variations',
      speech: 'openai-speech',
      transcription: 'openai-transcriptions',
      translation: 'openai-translations',
    });
  });

  test.each([
    ['gpt-3.5-turbo-instruct', true],
    ['babbage-002', true],
    ['ft:davinci-002:acme::8xyz', true],
    ['gpt-5.6', false],
    ['gpt-3.5-turbo', false],
    ['ft:gpt-4o-mini:acme::8xyz', false],
  ])('that %s continues texts: %s', async (model, served) => {
    const { rig } = await stage.open();
    const { completions } = rig.options.operations;
    expect([completions].flat()[0]?.serves?.(model)).toBe(served);
  });
});

describe('the dialects of a chat', () => {
  test.each([
    ['gpt-5.6', ['openai-chat', 'openai-responses']],
    ['gpt-5.2-pro', ['openai-chat', 'openai-responses']],
    ['gpt-4o-audio-preview', ['openai-chat']],
    ['gpt-5-pro-2025-10-06', ['openai-responses']],
    ['o4-mini-deep-research', ['openai-responses']],
    ['gpt-5-codex', ['openai-responses']],
  ])('%s is spoken to in %j', async (model, dialects) => {
    const { rig } = await stage.open();
    const spoken = [rig.options.operations.chat].flat().filter((one) => one?.serves?.(model) !== false);
    expect(spoken.map((one) => one?.dialect)).toEqual(dialects);
  });
});

describe('a call', () => {
  test('posts the bytes it was given to /chat/completions, with the key', async () => {
    const { server, rig } = await stage.open();
    const body = '{ "model" : "gpt-5.6", "messages": [] }';
    const reply = await rig.send({ body });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    expect(reply.headers['x-request-id']).toBe('up-1');
    const [request] = server.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', '/v1/chat/completions', body]);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'content-type': 'application/json' });
  });

  test.each([
    ['openai-responses', '/v1/responses'],
    ['openai-completions', '/v1/completions'],
    ['openai-embeddings', '/v1/embeddings'],
    ['openai-moderation', '/v1/moderations'],
    ['openai-images', '/v1/images/generations'],
  ])('in %s goes to %s', async (dialect, path) => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send({ dialect }));
    expect(server.received.map(({ url }) => url)).toEqual([path]);
  });

  test('sends organisation, project and headers of the configuration, which win over the client', async () => {
    const { server, rig } = await stage.open({
      organization: 'org-1',
      project: 'proj-1',
      headers: { 'X-Team': 'core' },
    });
    const headers = { 'openai-organization': 'org-of-client', 'x-team': 'client', 'idempotency-key': 'i-1' };
    await textOf(await rig.send({ headers }));
    expect(server.received[0]?.headers).toMatchObject({
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
      'x-team': 'core',
      'idempotency-key': 'i-1',
    });
  });

  test('no header can take the place of the key', async () => {
    const { server, rig } = await stage.open({ headers: { Authorization: 'Bearer other' } });
    await textOf(await rig.send({ headers: { authorization: 'Bearer client' } }));
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });
});

describe('bad options are refused at boot', () => {
  test.each([
    ['no key', {}, 'apiKey'],
    ['an empty key', { apiKey: '' }, 'apiKey'],
    ['a key with a line end', { apiKey: 'k\n' }, 'apiKey'],
    ['an address with a password', { apiKey: 'k', baseUrl: 'https://user:hunter22@api.openai.com/v1' }, 'baseUrl'],
    ['an address with a query', { apiKey: 'k', baseUrl: 'https://api.openai.com/v1?key=k' }, 'baseUrl'],
    ['an address that is none', { apiKey: 'k', baseUrl: 'api.openai.com' }, 'baseUrl'],
    ['an address that is not HTTP', { apiKey: 'k', baseUrl: 'ftp://api.openai.com' }, 'baseUrl'],
    ['a header value with a line break', { apiKey: 'k', headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers'],
    ['a header name with a space', { apiKey: 'k', headers: { 'x a': 'b' } }, 'headers'],
  ])('%s', (_what, options, path) => {
    const { error } = plugin.options.safeParse(options);
    expect(error?.issues[0]?.path[0]).toBe(path);
  });
});
