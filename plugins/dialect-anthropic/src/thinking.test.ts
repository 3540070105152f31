/** Thinking, effort and the shape of the answer, both ways. */
import type { ChatRequest, JsonObject, ReasoningSettings } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete } from './wire.test.kit.ts';

const read = (fields: JsonObject): ChatRequest =>
  codec.decodeRequest({ model: 'm', max_tokens: 1, messages: [], ...fields }, { headers: {} });
const write = (fields: Partial<ChatRequest>): JsonObject => {
  const {
    model: _,
    messages: __,
    max_tokens: ___,
    ...rest
  } = codec.encodeRequest({ model: 'm', stream: false, messages: [], ...fields }, complete('m'));
  return rest;
};

describe('reading', () => {
  test.each<[JsonObject, ReasoningSettings | undefined]>([
    [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, { mode: 'enabled', budgetTokens: 2048 }],
    [{ thinking: { type: 'disabled' } }, { mode: 'disabled' }],
    [
      { thinking: { type: 'adaptive', display: 'omitted' } },
      { mode: 'adaptive', rest: { dialect: 'anthropic-messages', fields: { $extra: { display: 'omitted' } } } },
    ],
    [{ output_config: { effort: 'xhigh' } }, { effort: 'xhigh' }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      { mode: 'adaptive', effort: 'low' },
    ],
    [{ thinking: { type: 'between_tools' } }, undefined],
    [{ output_config: { effort: null } }, undefined],
  ])('%j', (fields, reasoning) => {
    expect(read(fields).reasoning).toEqual(reasoning);
  });

  test('a schema, by its name of today and by the older one', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    const expected = { kind: 'schema', schema: { type: 'object' } };
    expect(read({ output_config: { format } }).responseFormat).toEqual(expected);
    expect(read({ output_format: format }).responseFormat).toEqual(expected);
  });
});

describe('writing what came from another dialect', () => {
  test.each<[ReasoningSettings, JsonObject]>([
    [{ effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ effort: 'minimal' }, { output_config: { effort: 'low' } }],
    [{ effort: 'medium' }, { output_config: { effort: 'medium' } }],
    [{ effort: 'max' }, { output_config: { effort: 'max' } }],
    [{ budgetTokens: 2000 }, { thinking: { type: 'enabled', budget_tokens: 2000 } }],
    [{ budgetTokens: 0 }, { thinking: { type: 'disabled' } }],
    [
      { mode: 'adaptive', effort: 'high' },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    ],
  ])('%j', (reasoning, body) => {
    expect(write({ reasoning })).toEqual(body);
  });

  test('a schema loses its label, and keeps its description where it has none of its own', () => {
    const schema = { type: 'object', properties: {} };
    const format = (described: object): object => ({
      output_config: { format: { type: 'json_schema', schema: described } },
    });
    expect(write({ responseFormat: { kind: 'schema', schema, name: 'n', strict: true } })).toEqual(format(schema));
    expect(write({ responseFormat: { kind: 'schema', schema, description: 'd' } })).toEqual(
      format({ ...schema, description: 'd' }),
    );
    const own = { ...schema, description: 'own' };
    expect(write({ responseFormat: { kind: 'schema', schema: own, description: 'd' } })).toEqual(format(own));
  });

  test('schema and effort share their place', () => {
    const schema = { type: 'object' };
    expect(write({ responseFormat: { kind: 'schema', schema }, reasoning: { effort: 'low' } })).toEqual({
      output_config: { effort: 'low', format: { type: 'json_schema', schema } },
    });
  });
});
