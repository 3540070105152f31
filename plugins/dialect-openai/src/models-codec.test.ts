/** The model list, and a single model. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, ModelEntry, ModelList } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { modelCodec, modelsCodec } from './models-codec.ts';
import * as spec from './spec.test.kit.ts';
import { refusing, thrown } from './wire.test.kit.ts';

const LIST: ModelList = { models: ['a', 'b'].map((id) => ({ id, created: 7, ownedBy: 'gatewright' })) };
const wire = (id: string): JsonObject => ({ id, object: 'model', created: 7, owned_by: 'gatewright' });

test('a list', () => {
  const body = modelsCodec.encodeResponse(LIST, refusing);
  expect(body).toEqual({ object: 'list', data: [wire('a'), wire('b')] });
  expect(modelsCodec.decodeResponse(body)).toEqual(LIST);
  expect(modelsCodec.encodeResponse({ models: [] }, refusing)).toEqual({ object: 'list', data: [] });
  if (spec.found) expect(spec.violations('ListModelsResponse', body)).toEqual([]);
});

test('one model', () => {
  const body = modelCodec.encodeResponse({ models: LIST.models.slice(0, 1) }, refusing);
  expect(body).toEqual(wire('a'));
  expect(modelCodec.decodeResponse(body)).toEqual({ models: [LIST.models[0]] });
  expect(thrown(() => modelCodec.encodeResponse({ models: [] }, refusing)).code).toBe('GW_UNKNOWN_MODEL');
  if (spec.found) expect(spec.violations('Model', body)).toEqual([]);
});

test('what is known of a model stands beside the members that the API has', () => {
  const known = { displayName: 'A', contextWindow: 128_000, maxOutput: 16_384 };
  const entry: ModelEntry = {
    ...(LIST.models[0] as ModelEntry),
    ...known,
    operations: ['chat'],
    price: { input: '2.5' },
  };
  const body = modelCodec.encodeResponse({ models: [entry] }, refusing);
  expect(body).toEqual({
    ...wire('a'),
    name: 'A',
    operations: ['chat'],
    context_window: 128_000,
    max_output_tokens: 16_384,
    price: { input: '2.5', unit: 'USD per million tokens' },
  });
  expect(modelCodec.decodeResponse(body).models[0]).toEqual({ ...LIST.models[0], ...known });
  if (spec.found) expect(spec.violations('Model', body)).toEqual([]);
});

describe('of other servers', () => {
  test('what is missing is filled in', () => {
    expect(modelsCodec.decodeResponse({ data: [{ id: 'a' }] })).toEqual({
      models: [{ id: 'a', created: 0, ownedBy: '' }],
    });
  });

  test.each<JsonObject>([{}, { data: {} }, { data: [{}] }, { data: ['a'] }])('%j is no list', (body) => {
    expect(thrown(() => modelsCodec.decodeResponse(body)).code).toBe('GW_UPSTREAM_INVALID');
  });
});

test('requests have no body: an id is all there is', () => {
  expect(modelsCodec.decodeRequest({}, { headers: {} })).toEqual({});
  expect(modelsCodec.decodeRequest({ id: 'a' }, { headers: {} })).toEqual({ id: 'a' });
  expect(modelsCodec.encodeRequest({}, refusing)).toEqual({});
  const outline = outlineOf(Buffer.from('{"error":{"message":"No"}}'));
  expect(modelsCodec.readHead(outline)).toEqual({ stream: false });
  expect(modelsCodec.editRequest(outline, { model: 'm', usage: true })).toEqual({ edits: [], usageInjected: false });
  expect(modelsCodec.summarize(outline).error?.message).toBe('No');
  expect(modelsCodec.stream).toBeUndefined();
});
