/** The Vertex AI provider: what it registers, and what it sends. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ProviderOperation } from '@gatewright/core';
import { providerRig, providerStage, providerSuite, textOf } from '@gatewright/testkit';
import plugin from './index.ts';
import { accountFile, PRIVATE_PEM } from './keys.test.kit.ts';

const stage = providerStage(plugin, (origin) => ({ project: 'acme', baseUrl: origin }), { model: 'gemini-3-pro' });

afterEach(async () => {
  vi.unstubAllEnvs();
  await stage.close();
});

const TOKEN = 'ya29.a0AbVbY6PZtoken';
const GRANT = JSON.stringify({ access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' });

providerSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: (origin) => ({ project: 'acme', baseUrl: origin, accessToken: TOKEN }),
    credentials: [TOKEN],
    models: [
      'gemini-3-pro',
      'claude-opus-5',
      'meta/llama-4-maverick-maas',
      'mistral-medium-3',
      'gemini-embedding-001',
      'text-embedding-005',
    ],
  },
);

describe('the contract', () => {
  test('keys, too, are secret, and a key of the Gemini API is not among them', () => {
    expect(plugin.options.shape.key.unwrap().meta()?.['secret']).toBe(true);
    expect(() => plugin.options.parse({ project: 'p', apiKey: 'k' })).toThrow(/apiKey/);
  });

  test.each([
    ['gemini-3-pro', 'gemini-generate', 'gemini-count-tokens'],
    ['claude-opus-5', 'anthropic-messages', 'anthropic-count-tokens'],
    ['meta/llama-4-maverick-maas', 'openai-chat', undefined],
    ['mistral-medium-3', 'openai-chat', undefined],
    ['no / name', 'gemini-generate', 'gemini-count-tokens'],
  ])('%s is served in %s', async (model, chat, count) => {
    const { rig } = await stage.open({ accessToken: TOKEN });
    const serving = (of: ProviderOperation | readonly ProviderOperation[] | undefined) =>
      [of ?? []].flat().filter(({ serves }) => serves?.(model) === true);
    const { operations } = rig.options;
    expect(serving(operations.chat).map(({ dialect }) => dialect)).toEqual([chat]);
    expect(serving(operations['count-tokens'])[0]?.dialect).toBe(count);
  });

  test('without a project anywhere it does not start', async () => {
    await expect(providerRig(plugin, { accessToken: TOKEN })).rejects.toThrow(/set the option "project"/);
  });
});

describe('a call', () => {
  test.each([
    ['gemini-3-pro', false, '/v1/projects/acme/locations/global/publishers/google/models/gemini-3-pro:generateContent'],
    [
      'claude-opus-5',
      true,
      '/v1/projects/acme/locations/global/publishers/anthropic/models/claude-opus-5:streamRawPredict',
    ],
    ['meta/llama-4-maverick-maas', false, '/v1/projects/acme/locations/global/endpoints/openapi/chat/completions'],
    [
      'mistral-medium-3',
      true,
      '/v1/projects/acme/locations/global/publishers/mistralai/models/mistral-medium-3:streamRawPredict',
    ],
  ])('of %s goes to its path, with the token alone', async (model, stream, path) => {
    const { server: api, rig } = await stage.open({ accessToken: TOKEN, headers: { 'X-Team': 'core' } });
    const headers = {
      authorization: 'Bearer client',
      'x-goog-api-key': 'client',
      'x-api-key': 'client',
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'b-1',
      'x-team': 'client',
    };
    const reply = await rig.send({ model, stream, headers, body: '{"a":1}' });
    expect([reply.status, await textOf(reply)]).toEqual([200, '{"ok":true}']);
    const [request] = api.received;
    expect([request?.method, request?.url, request?.body]).toEqual(['POST', path, '{"a":1}']);
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'anthropic-beta': 'b-1',
      'x-team': 'core',
    });
    for (const name of ['x-goog-api-key', 'x-api-key', 'anthropic-version'])
      expect(request?.headers).not.toHaveProperty(name);
  });

  test('counts where counting is', async () => {
    const { server: api, rig } = await stage.open({
      accessToken: TOKEN,
      location: 'europe-west4',
      apiVersion: 'v1beta1',
    });
    await textOf(await rig.send({ operation: 'count-tokens', model: 'gemini-3-pro' }));
    expect(api.received[0]?.url).toBe(
      '/v1beta1/projects/acme/locations/europe-west4/publishers/google/models/gemini-3-pro:countTokens',
    );
  });

  test('with a service account gets one token for many calls, and the project of the key', async () => {
    const tokens = await stage.upstream({ body: GRANT });
    const { server: api, rig } = await stage.open({ project: undefined, key: accountFile(tokens.origin) });
    await Promise.all([1, 2, 3].map(async () => textOf(await rig.send())));
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`Bearer ${TOKEN}`));
    expect(api.received[0]?.url).toContain('/projects/acme-prod/');
    expect(tokens.received).toHaveLength(1);
    const form = new URLSearchParams(tokens.received[0]?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(form.get('assertion')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('that is refused forgets the token, and says nothing of it', async () => {
    const tokens = await stage.upstream({ body: GRANT });
    const { server: api, rig } = await stage.open(
      { key: accountFile(tokens.origin) },
      { status: 401, body: `{"error":{"message":"Bad ${TOKEN}"}}` },
    );
    for (let i = 0; i < 2; i++) {
      const text = await textOf(await rig.send());
      expect(text).toBe('{"error":{"message":"Bad [redacted]"}}');
    }
    expect([api.received.length, tokens.received.length]).toEqual([2, 2]);
  });

  test('without a token is not made, and the error has no key in it', async () => {
    const tokens = await stage.upstream({
      status: 400,
      body: `{"error":"invalid_grant","error_description":${JSON.stringify(PRIVATE_PEM)}}`,
    });
    const { server: api, rig } = await stage.open({ key: accountFile(tokens.origin) });
    const error = await rig.send().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'GW_UPSTREAM_ERROR', retryable: false });
    expect(JSON.stringify(error) + String(error)).not.toContain(PRIVATE_PEM.slice(30, 60));
    expect(api.received).toHaveLength(0);
  });

  test('asks the metadata server as it wants to be asked', async () => {
    const metadata = await stage.upstream({ body: GRANT });
    // Whoever runs this may be logged in with gcloud.
    vi.stubEnv('HOME', import.meta.dirname);
    const { server: api, rig } = await stage.open({ metadataUrl: metadata.origin, keyFile: '' });
    await textOf(await rig.send());
    expect(metadata.received[0]).toMatchObject({
      method: 'GET',
      url: '/computeMetadata/v1/instance/service-accounts/default/token',
      headers: { 'metadata-flavor': 'Google' },
    });
    expect(api.received[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  test('of a model without a proper name is refused before anything is sent', async () => {
    const { server: api, rig } = await stage.open({ accessToken: TOKEN });
    await expect(rig.send({ model: '../x' })).rejects.toMatchObject({
      code: 'GW_BAD_REQUEST',
      details: { param: 'model' },
    });
    expect(api.received).toHaveLength(0);
  });
});
