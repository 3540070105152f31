/** The shape of the answer: `response_format`. */
import type { ChatRequest, JsonObject, ResponseFormat } from '@gatewright/core';
import { hint, nested, restoreNested } from './rest.ts';
import { isMissing, type Reading } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedFormat {
  readonly format: ResponseFormat;
  readonly kept: JsonObject;
}

/** The schema is `json_schema` in the API's description and in its SDKs, and `schema` in its guides. */
const NAMES = ['json_schema', 'schema'] as const;

export function decodeFormat(value: unknown, at: Reading): DecodedFormat {
  const format = at.object(value);
  const type = at.at('type').string(format['type']);
  if (type === 'text') return { format: { kind: 'text' }, kept: nested('response_format', format, ['type']) };
  if (type !== 'json_object') throw at.at('type').fail('must be "text" or "json_object"');
  const name = NAMES.find((one) => !isMissing(format[one]));
  if (name === undefined) return { format: { kind: 'json' }, kept: nested('response_format', format, ['type']) };
  const kept = nested('response_format', format, ['type', name]);
  return {
    format: { kind: 'schema', schema: at.at(name).object(format[name]) },
    kept: name === 'schema' ? { ...kept, $schema: 'schema' } : kept,
  };
}

export function encodeFormat({ responseFormat: format, rest }: ChatRequest, at: Writing): JsonObject | undefined {
  if (format === undefined || (format.kind === 'text' && !at.own)) return undefined;
  if (format.kind === 'text') return restoreNested('response_format', { type: 'text' }, rest);
  if (format.kind === 'json') return restoreNested('response_format', { type: 'json_object' }, rest);
  const { schema, description } = format;
  // A schema's name is a label; its description is for the model, and has its place in the schema here.
  const described = description === undefined || schema['description'] !== undefined;
  const name = hint(rest, '$schema') === 'schema' ? 'schema' : 'json_schema';
  const known = { type: 'json_object', [name]: described ? schema : { ...schema, description } };
  return restoreNested('response_format', known, rest);
}
