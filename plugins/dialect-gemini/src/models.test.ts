/** The model list and one model, as Google's clients expect them. */
import { expect, test } from 'vitest';
import type { EncodeContext, ModelEntry } from '@gatewright/core';
import { modelCodec, modelsCodec } from './models.ts';

const context: EncodeContext = { model: '', unsupported: () => {}, warn: () => {} };
const smart: ModelEntry = {
  id: 'smart',
  created: 7,
  ownedBy: 'gatewright',
  displayName: 'Smart One',
  operations: ['chat', 'embeddings', 'rerank'],
  contextWindow: 1_000_000,
  maxOutput: 65_536,
};
const written = {
  name: 'models/smart',
  displayName: 'Smart One',
  inputTokenLimit: 1_000_000,
  outputTokenLimit: 65_536,
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'embedContent', 'batchEmbedContents'],
};

test('a model has its methods and limits', () => {
  expect(modelCodec.encodeResponse({ models: [smart] }, context)).toEqual(written);
  expect(modelCodec.decodeResponse(written)).toEqual({
    models: [{ ...smart, created: 0, ownedBy: 'google', operations: ['chat', 'embeddings'] }],
  });
});

test('a model of which nothing is known has its name', () => {
  const plain = { id: 'plain', created: 7, ownedBy: 'gatewright' };
  const list = { models: [{ name: 'models/plain', displayName: 'plain', supportedGenerationMethods: [] }] };
  expect(modelsCodec.encodeResponse({ models: [plain] }, context)).toEqual(list);
  expect(modelsCodec.decodeResponse(list)).toEqual({
    models: [{ id: 'plain', created: 0, ownedBy: 'google', displayName: 'plain' }],
  });
  expect(modelsCodec.decodeResponse({})).toEqual({ models: [] });
});

test('a model that is not there is not found', () => {
  const unknown = expect.objectContaining({ code: 'GW_UNKNOWN_MODEL', status: 404 });
  expect(() => modelCodec.encodeResponse({ models: [] }, context)).toThrow(unknown);
});

test('what is no list is not the dialect', () => {
  const invalid = expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' });
  expect(() => modelsCodec.decodeResponse({ models: 5 })).toThrow(invalid);
  expect(() => modelsCodec.decodeResponse({ models: [{}] })).toThrow(invalid);
});
