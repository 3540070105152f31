/** The shape of the answer and the effort: `output_config`, and `output_format` as it was called before. */
import type { ChatRequest, JsonObject, ResponseFormat } from '@gatewright/core';
import { hint, nested, restoreNested } from './rest.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { encodeEffort } from './thinking.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedOutput {
  readonly format?: ResponseFormat;
  readonly effort?: unknown;
  /** For the rest of the request. */
  readonly kept: JsonObject;
  /** The fields of the body that are understood. */
  readonly known: readonly string[];
}

export function decodeOutput(body: JsonObject, at: Reading): DecodedOutput {
  const { output_config: config, output_format: older } = body;
  const newer = isMissing(config) ? undefined : at.at('output_config').object(config);
  if (isPlain(newer?.['format'])) {
    const format = decodeFormat(newer['format'], at.at('output_config').at('format'));
    return outputOf(newer, ['format', 'effort'], { format });
  }
  if (!isPlain(older)) return outputOf(newer, ['effort'], {});
  const output = outputOf(newer, ['effort'], { format: decodeFormat(older, at.at('output_format')) });
  return { ...output, kept: { ...output.kept, $format: 'output_format' }, known: [...output.known, 'output_format'] };
}

function outputOf(
  config: JsonObject | undefined,
  known: readonly string[],
  found: { format?: ResponseFormat },
): DecodedOutput {
  if (config === undefined) return { ...found, kept: {}, known: [] };
  const kept = nested('output_config', config, known);
  return { ...found, effort: config['effort'], kept, known: ['output_config'] };
}

/** Whether a format is one that the neutral form can hold; others stay where they are. */
function isPlain(format: unknown): format is JsonObject {
  return isObject(format) && format['type'] === 'json_schema' && Object.keys(format).length <= 2;
}

function decodeFormat(format: JsonObject, at: Reading): ResponseFormat {
  return { kind: 'schema', schema: at.at('schema').object(format['schema']) };
}

/** What the request says about its output, as the top-level fields it goes into. */
export function encodeOutput(request: ChatRequest, at: Writing): JsonObject {
  const format = encodeFormat(request, at);
  const effort = encodeEffort(request, at.own);
  const isOlder = hint(request.rest, '$format') === 'output_format';
  const known: JsonObject = {};
  if (effort !== undefined) known['effort'] = effort;
  if (format !== undefined && !isOlder) known['format'] = format;
  const config = restoreNested('output_config', known, request.rest);
  return {
    ...(config === undefined ? {} : { output_config: config }),
    ...(format === undefined || !isOlder ? {} : { output_format: format }),
  };
}

function encodeFormat({ responseFormat }: ChatRequest, at: Writing): JsonObject | undefined {
  if (responseFormat === undefined || responseFormat.kind === 'text') return undefined;
  if (responseFormat.kind === 'json') {
    at.at('response_format').unsupported('This dialect has JSON only with a schema: use json_schema.');
    return undefined;
  }
  const { schema, description } = responseFormat;
  // A schema's name is a label; its description is for the model, and has its place in the schema here.
  const described = description === undefined || schema['description'] !== undefined;
  return { type: 'json_schema', schema: described ? schema : { ...schema, description } };
}
