/** The shape of the answer: `text.format`, and `text.verbosity` beside it. */
import type { ChatRequest, JsonObject, ResponseFormat } from '@gatewright/core';
import { badRequest } from '../fault.ts';
import { isVoid, type Writable } from '../json-value.ts';
import { Reader } from '../reader.ts';
import { ownFields } from './rest.ts';

/** The field of the request's rest that holds how wordy the answer shall be. */
export const VERBOSITY = 'text.verbosity';
/** The field that holds a format which was not understood. */
export const FORMAT = 'text.format';
/** The field that holds what else stood in `text`. */
export const TEXT = 'text';

/** Reads `text`, and answers with the fields for the request's rest. */
export function readText(body: Reader, request: Writable<ChatRequest>): JsonObject {
  const value = body.object('text');
  if (value === undefined) return {};
  const text = new Reader(value, 'text', badRequest);
  const fields: JsonObject = {};
  const unread = readFormat(text, request);
  if (unread !== undefined) fields[FORMAT] = unread;
  const verbosity = text.string('verbosity');
  // `medium` is what the API does without being asked.
  if (verbosity !== undefined && verbosity !== 'medium') fields[VERBOSITY] = verbosity;
  const others = text.unknown();
  if (!isVoid(others)) fields[TEXT] = others;
  return fields;
}

/** Answers with the value where something in it was not understood. */
function readFormat(text: Reader, request: Writable<ChatRequest>): unknown {
  const value = text.object('format');
  if (value === undefined) return undefined;
  const format = new Reader(value, 'text.format', badRequest);
  const type = format.requiredString('type');
  if (type === 'text') return undefined;
  if (type === 'json_object') {
    request.responseFormat = { kind: 'json' };
    return isVoid(format.unknown()) ? undefined : value;
  }
  if (type !== 'json_schema') return value;
  const schema: Writable<Extract<ResponseFormat, { kind: 'schema' }>> = {
    kind: 'schema',
    schema: format.requiredObject('schema'),
    name: format.requiredString('name'),
  };
  const description = format.string('description');
  if (description !== undefined) schema.description = description;
  const strict = format.boolean('strict');
  if (strict !== undefined) schema.strict = strict;
  request.responseFormat = schema;
  return isVoid(format.unknown()) ? undefined : value;
}

/** `text`; undefined where nothing is said of it. */
export function writeText(request: ChatRequest): JsonObject | undefined {
  const fields = ownFields(request.rest);
  const text: JsonObject = { ...(fields[TEXT] as JsonObject | undefined) };
  const format = request.responseFormat === undefined ? undefined : formatOf(request.responseFormat);
  const unread = fields[FORMAT] as JsonObject | undefined;
  if (format !== undefined || unread !== undefined) text['format'] = { ...unread, ...format };
  if (fields[VERBOSITY] !== undefined) text['verbosity'] = fields[VERBOSITY];
  return isVoid(text) ? undefined : text;
}

function formatOf(format: ResponseFormat): JsonObject {
  if (format.kind === 'text') return { type: 'text' };
  if (format.kind === 'json') return { type: 'json_object' };
  const { schema, name = 'answer', description, strict } = format;
  const written: JsonObject = { type: 'json_schema', name };
  if (description !== undefined) written['description'] = description;
  written['schema'] = schema;
  if (strict !== undefined) written['strict'] = strict;
  return written;
}
