/** The model list and one model, as Anthropic's clients expect them. */
import { isGatewayError } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { modelDialect, modelsDialect } from './models.ts';
import { ABSENCE, found, violations } from './spec.test.kit.ts';
import { complete } from './wire.test.kit.ts';

const models = [
  { id: 'smart', created: 1_771_545_600, ownedBy: 'gatewright' },
  { id: 'fast', created: 1_771_545_600, ownedBy: 'gatewright' },
];
const unknown = { max_input_tokens: null, max_tokens: null, capabilities: null };
const smart = { type: 'model', id: 'smart', display_name: 'smart', created_at: '2026-02-20T00:00:00Z', ...unknown };
const fast = { ...smart, id: 'fast', display_name: 'fast' };

test('a list is one page', () => {
  const list = { data: [smart, fast], has_more: false, first_id: 'smart', last_id: 'fast' };
  expect(modelsDialect.codec.encodeResponse({ models }, complete())).toEqual(list);
  expect(modelsDialect.codec.decodeResponse(list)).toEqual({
    models: models.map((model) => Object.assign({}, model, { ownedBy: 'anthropic', displayName: model.id })),
  });
});

test('what is known of a model is told', () => {
  const known = {
    ...(models[0] as (typeof models)[0]),
    displayName: 'Smart One',
    contextWindow: 200_000,
    maxOutput: 64_000,
  };
  const written = { ...smart, display_name: 'Smart One', max_input_tokens: 200_000, max_tokens: 64_000 };
  expect(modelDialect.codec.encodeResponse({ models: [known] }, complete())).toEqual(written);
  expect(modelDialect.codec.decodeResponse(written).models).toEqual([{ ...known, ownedBy: 'anthropic' }]);
});

test('an empty list has no ends', () => {
  expect(modelsDialect.codec.encodeResponse({ models: [] }, complete())).toEqual({
    data: [],
    has_more: false,
    first_id: null,
    last_id: null,
  });
});

test('one model stands alone', () => {
  expect(modelDialect.codec.encodeResponse({ models: [models[0] as (typeof models)[0]] }, complete())).toEqual(smart);
  expect(modelDialect.codec.decodeResponse(smart).models[0]?.id).toBe('smart');
});

test('a model that is not there is not found', () => {
  const call = (): unknown => modelDialect.codec.encodeResponse({ models: [] }, complete());
  expect(call).toThrow(expect.objectContaining({ code: 'GW_UNKNOWN_MODEL', status: 404 }));
  try {
    call();
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    expect(modelDialect.codec.encodeError(error, 'r')).toMatchObject({ error: { type: 'not_found_error' } });
  }
});

test('what is no list is not the dialect', () => {
  expect(() => modelsDialect.codec.decodeResponse({ object: 'list' })).toThrow(/data: is missing/);
  expect(() => modelsDialect.codec.decodeResponse({ data: [{}] })).toThrow(/data\.0\.id/);
});

test('there is nothing to read or change in the bytes', () => {
  const body = outlineOf(Buffer.from('{"model":"a"}'));
  for (const { codec } of [modelsDialect, modelDialect]) {
    expect(codec.readHead(body)).toEqual({ stream: false });
    expect(codec.editRequest(body, { model: 'b', usage: true })).toEqual({ edits: [], usageInjected: false });
    expect(codec.editResponse(body, { model: 'b' })).toEqual([]);
    expect(codec.summarize(body)).toEqual({});
    expect(codec.decodeRequest({}, { headers: {} })).toEqual({});
    expect(codec.encodeRequest({}, complete())).toEqual({});
  }
});

describe.skipIf(!found)(`Anthropic's schemas${ABSENCE}`, () => {
  test('list and model fit', () => {
    expect(violations('ListResponse_ModelInfo_', modelsDialect.codec.encodeResponse({ models }, complete()))).toEqual(
      [],
    );
    expect(violations('ModelInfo', smart)).toEqual([]);
  });
});
