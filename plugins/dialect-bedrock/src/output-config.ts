/** The shape of the answer, and the effort: `outputConfig`. */
import type { ChatRequest, JsonObject, ResponseFormat } from '@gatewright/core';
import { compact, hint, nested, restoreNested } from './rest.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedOutput {
  readonly format?: ResponseFormat;
  readonly effort?: string;
  /** For the rest of the request. */
  readonly kept: JsonObject;
}

export function decodeOutput(value: unknown, at: Reading): DecodedOutput {
  const config = at.object(value);
  const { textFormat, effort } = config;
  const format = decodeFormat(textFormat);
  const kept = nested('outputConfig', config, format === undefined ? ['effort'] : ['effort', 'textFormat']);
  return {
    ...(format === undefined ? {} : { format: format.format }),
    ...(isMissing(effort) ? {} : { effort: at.at('effort').string(effort) }),
    kept: { ...kept, ...(format?.text === undefined ? {} : { $schema: format.text }) },
  };
}

/** The schema is JSON as text. A format that the neutral form cannot hold stays where it is. */
function decodeFormat(value: unknown): { format: ResponseFormat; text: string | undefined } | undefined {
  if (!isObject(value) || value['type'] !== 'json_schema' || !isObject(value['structure'])) return undefined;
  const { jsonSchema: found, ...others } = value['structure'];
  if (!isObject(found) || Object.keys(others).length > 0 || Object.keys(value).length !== 2) return undefined;
  const { schema: text, name, description, ...more } = found;
  const schema = parse(text);
  if (schema === undefined || Object.keys(more).length > 0) return undefined;
  if (
    (name !== undefined && typeof name !== 'string') ||
    (description !== undefined && typeof description !== 'string')
  )
    return undefined;
  const named = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
  const isSame = JSON.stringify(schema) === text;
  return { format: { kind: 'schema', schema, ...named }, text: isSame ? undefined : (text as string) };
}

function parse(text: unknown): JsonObject | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the request says about its output; undefined where it says nothing. */
export function encodeOutput(request: ChatRequest, at: Writing): JsonObject | undefined {
  const known = compact({ textFormat: encodeFormat(request, at), effort: encodeEffort(request, at.own) });
  return restoreNested('outputConfig', known, request.rest);
}

/** `minimal` becomes the lowest level there is; `none` is no level, but thinking switched off. */
function encodeEffort({ reasoning }: ChatRequest, own: boolean): string | undefined {
  const effort = reasoning?.effort;
  if (own || effort === undefined) return effort;
  if (effort === 'none') return undefined;
  return effort === 'minimal' ? 'low' : effort;
}

function encodeFormat({ responseFormat, rest }: ChatRequest, at: Writing): JsonObject | undefined {
  if (responseFormat === undefined || responseFormat.kind === 'text') return undefined;
  if (responseFormat.kind === 'json') {
    at.at('response_format').unsupported('This dialect has JSON only with a schema: use json_schema.');
    return undefined;
  }
  const { schema, name, description } = responseFormat;
  const kept = hint(rest, '$schema');
  const isSame = typeof kept === 'string' && JSON.stringify(parse(kept)) === JSON.stringify(schema);
  const jsonSchema = compact({ schema: isSame ? kept : JSON.stringify(schema), name, description });
  return { type: 'json_schema', structure: { jsonSchema } };
}
