/** No name of a deployment changes the host or the path of a call. */
import type { Target } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { endpointPath, operations, operationsOf } from './endpoint-path.ts';

const deployments = { api: 'deployments', apiVersion: '2024-10-21' } as const;
/** Everything that could change a URL, and what is left of it once it is decoded. */
const ODD =
  '/ a/b //evil.example ../../v1 .. . a/../b ..%2f.. %2e%2e a%2Fb a%00 a?b ?api-version=x a#b # a@evil.example @ a:80 ä .hidden'.split(
    ' ',
  );

const target = (model: string) => ({ id: `azure/${model}`, model }) as Target;

describe('names of deployments', () => {
  test.each(['gpt-4.1', 'gpt_4o.mini', 'a..b', '4o', 'X'.repeat(64)])('%s stays in its place', (model) => {
    const path = endpointPath(deployments, target(model), 'openai-chat');
    const url = new URL(path, 'https://acme.example');
    expect(url.pathname).toBe(`/openai/deployments/${model}/chat/completions`);
    expect([url.host, url.search]).toEqual(['acme.example', '?api-version=2024-10-21']);
  });

  test.each(['', 'a\\b', 'a b', 'a\r\nb', 'x'.repeat(129)].concat(ODD))('%j is refused', (model) => {
    const refused = { code: 'GW_UNKNOWN_MODEL', status: 404, details: expect.objectContaining({ param: 'model' }) };
    expect(() => endpointPath(deployments, target(model), 'openai-chat')).toThrow(expect.objectContaining(refused));
  });

  test('do not matter to v1, whose path has none', () => {
    expect(endpointPath({ api: 'v1', apiVersion: undefined }, target('../x'), 'openai-chat')).toBe(
      '/openai/v1/chat/completions',
    );
  });
});

describe('operations', () => {
  test.each([
    ['openai-completions', '/completions'],
    ['openai-embeddings', '/embeddings'],
    ['openai-images', '/images/generations'],
    ['openai-image-edits', '/images/edits'],
    ['openai-speech', '/audio/speech'],
    ['openai-transcriptions', '/audio/transcriptions'],
    ['openai-translations', '/audio/translations'],
  ])('%s has the endpoint %s', (dialect, path) => {
    const { pathname } = new URL(endpointPath(deployments, target('d'), dialect), 'https://acme.example');
    expect(pathname).toBe(`/openai/deployments/d${path}`);
    expect(endpointPath({ api: 'v1', apiVersion: undefined }, target('d'), dialect)).toBe(`/openai/v1${path}`);
  });

  test('responses are asked for at the resource, which has them from a version on', () => {
    const path = (options: Parameters<typeof endpointPath>[0]) =>
      endpointPath(options, target('d'), 'openai-responses');
    expect(path({ api: 'v1', apiVersion: undefined })).toBe('/openai/v1/responses');
    const preview = { api: 'deployments', apiVersion: '2025-04-01-preview' } as const;
    expect(path(preview)).toBe('/openai/responses?api-version=2025-04-01-preview');
    expect(endpointPath(preview, target('d'), 'openai-responses-kept')).toBe(path(preview));
    const spoken = (options: Parameters<typeof operationsOf>[0]) =>
      [operationsOf(options).chat].flat().map((one) => one?.dialect);
    expect(spoken({ api: 'v1', apiVersion: undefined })).toEqual(['openai-chat', 'openai-responses']);
    expect(spoken(preview)).toEqual(['openai-chat', 'openai-responses']);
    expect(spoken(deployments)).toEqual(['openai-chat']);
  });

  test('texts are continued by deployments that are called like the models that do', () => {
    const serves = [operations.completions].flat()[0]?.serves;
    expect(['gpt-35-turbo-instruct', 'my-davinci-002', 'gpt-4.1'].map((name) => serves?.(name))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
