import { describe, expect, test } from 'vitest';
import { addressOf, embedsContent, familyOf, methodPath, predicts } from './model-address.ts';

const GEMINI = '/publishers/google/models/gemini-3-pro';
const CLAUDE = '/publishers/anthropic/models/claude-sonnet-4-5@20250929';

describe('an address', () => {
  test.each([
    ['gemini-3-pro', 'gemini', GEMINI],
    ['google/gemini-3-pro', 'gemini', GEMINI],
    ['publishers/google/models/gemini-3-pro', 'gemini', GEMINI],
    ['endpoints/1234567890', 'gemini', '/endpoints/1234567890'],
    ['claude-sonnet-4-5@20250929', 'anthropic', CLAUDE],
    ['anthropic/claude-sonnet-4-5@20250929', 'anthropic', CLAUDE],
    ['publishers/anthropic/models/claude-sonnet-4-5@20250929', 'anthropic', CLAUDE],
    ['mistral-medium-3', 'mistral', '/publishers/mistralai/models/mistral-medium-3'],
    ['codestral@2405', 'mistral', '/publishers/mistralai/models/codestral@2405'],
    ['mistralai/mistral-small-2503', 'mistral', '/publishers/mistralai/models/mistral-small-2503'],
    ['meta/llama-3.3-70b-instruct-maas', 'open', '/endpoints/openapi'],
    ['deepseek-ai/deepseek-v3.2-maas', 'open', '/endpoints/openapi'],
  ])('%s is %s at %s', (model, family, path) => {
    expect(addressOf(model)).toEqual({ family, path });
    expect(familyOf(model)).toBe(family);
  });

  test.each([
    '',
    '.',
    '..',
    '../x',
    'a/../b',
    'a..b',
    'a/b/c',
    'gemini/',
    '/gemini',
    'a?b',
    'a#b',
    'a%2fb',
    'a%2e%2e',
    '@b',
    'a@',
    'a@b@c',
    'a:generateContent',
    'a b',
    'a\\b',
    'a\nb',
    'ä',
    'endpoints/1/../2',
    'endpoints/x/y',
    'publishers/google/models/../../x',
  ])('%j is no name', (model) => {
    expect(() => addressOf(model)).toThrow(expect.objectContaining({ code: 'GW_BAD_REQUEST' }));
    expect(familyOf(model)).toBe('gemini');
  });
});

test.each([
  ['gemini-3-pro', 'chat', false, `${GEMINI}:generateContent`],
  ['gemini-3-pro', 'chat', true, `${GEMINI}:streamGenerateContent?alt=sse`],
  ['gemini-3-pro', 'count-tokens', false, `${GEMINI}:countTokens`],
  ['claude-sonnet-4-5@20250929', 'chat', false, `${CLAUDE}:rawPredict`],
  ['claude-sonnet-4-5@20250929', 'chat', true, `${CLAUDE}:streamRawPredict`],
  ['claude-opus-5', 'count-tokens', false, '/publishers/anthropic/models/count-tokens:rawPredict'],
  ['meta/llama-4-maverick-maas', 'chat', true, '/endpoints/openapi/chat/completions'],
  ['gemini-embedding-2', 'embeddings', false, '/publishers/google/models/gemini-embedding-2:embedContent'],
] as const)('%s, %s, streamed: %s: %s', (model, operation, stream, path) => {
  expect(methodPath(model, operation, stream)).toBe(path);
});

test.each([
  ['gemini-embedding-2', true],
  ['google/gemini-embedding-2', true],
  ['gemini-embedding-001', false],
  ['google/gemini-embedding-001', false],
  ['text-embedding-005', false],
  ['claude-opus-5', false],
])('%s embeds contents: %s', (model, embeds) => {
  expect(embedsContent(model)).toBe(embeds);
});

test('older models embed in a form of their own', () => {
  expect(['gemini-embedding-001', 'text-embedding-005', 'gemini-embedding-2'].map(predicts)).toEqual([
    true,
    true,
    false,
  ]);
  expect(methodPath('text-embedding-005', 'embeddings', false)).toMatch(/models\/text-embedding-005:predict$/);
});
