/** Results of calls: `functionResponse`. */
import type { JsonObject, Part, ToolResultPart } from '@gatewright/core';
import type { CallIds } from './call-ids.ts';
import { decodeInline, encodeMedia } from './media.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { besidesKnown, keeper, note, restFields, restore, withRest } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

const RESULT = ['functionResponse'];
const RESULT_FIELDS = ['id', 'name', 'response', 'parts'];

/**
 * Reads a result. `output` and `error` hold what the function gave back, or that it failed; without them all of
 * `response` is its result (https://ai.google.dev/api/caching#FunctionResponse).
 */
export function decodeResult(part: JsonObject, at: Reading, ids: CallIds): ToolResultPart {
  const place = at.at('functionResponse');
  const found = place.fields(part['functionResponse']);
  const { id, name, response, parts } = found;
  const called = place.at('name').string(name);
  const given = isMissing(id) ? undefined : place.at('id').string(id);
  const { text, shape } = resultText(isMissing(response) ? undefined : place.at('response').object(response));
  const media = isMissing(parts) ? undefined : decodeMedia(parts, place.at('parts'));
  const kept = restFields(besidesKnown(found, RESULT_FIELDS));
  const notes = {
    $name: called,
    $noId: given === undefined ? true : undefined,
    $shape: shape,
    $result: Object.keys(kept).length === 0 ? undefined : kept,
    // What no other dialect can express.
    $parts: media === undefined ? (parts ?? undefined) : undefined,
  };
  return {
    type: 'tool-result',
    id: ids.result(called, given),
    parts: text === undefined ? (media ?? []) : [{ type: 'text', text }, ...(media ?? [])],
    ...(shape?.startsWith('error') ? { isError: true } : {}),
    ...withRest(besidesKnown(part, RESULT), notes),
  };
}

/** `…-json`: what stands there is no text, and was written as JSON. */
type Shape = 'output' | 'output-json' | 'error' | 'error-json' | 'whole' | 'none';

function resultText(response: JsonObject | undefined): { text: string | undefined; shape: Shape } {
  if (response === undefined) return { text: undefined, shape: 'none' };
  const keys = Object.keys(response);
  const [only] = keys;
  if (keys.length !== 1 || (only !== 'output' && only !== 'error')) {
    return { text: JSON.stringify(response), shape: 'whole' };
  }
  const value = response[only];
  return typeof value === 'string'
    ? { text: value, shape: only }
    : { text: JSON.stringify(value), shape: `${only}-json` };
}

/** Images and documents that a function gave back; undefined where one of them is something else. */
function decodeMedia(value: unknown, at: Reading): Part[] | undefined {
  const parts: Part[] = [];
  for (const [index, part] of at.list(value).entries()) {
    const { inlineData, ...others } = at.at(index).fields(part);
    if (!isObject(inlineData) || Object.keys(others).length > 0) return undefined;
    const found = decodeInline(inlineData, at.at(index).at('inlineData'));
    if (found === undefined) return undefined;
    const { notes, ...media } = found;
    parts.push({ ...media, ...withRest({}, notes) });
  }
  return parts;
}

/** Writes a result. `names`: the functions that were called, by the ids of the calls. */
export function encodeResult(part: ToolResultPart, at: Writing, names: ReadonlyMap<string, string>): JsonObject {
  const { rest } = part;
  const name = (note(rest, '$name') as string | undefined) ?? names.get(part.id);
  if (name === undefined) {
    at.at('tool_call_id').unsupported('No call of this id stands before it, and this dialect needs its name.');
  }
  let text: string | undefined;
  const media: JsonObject[] = [];
  for (let index = 0; index < part.parts.length; index++) {
    const one = part.parts[index] as Part;
    if (one.type === 'text') text = text === undefined ? one.text : `${text}\n${one.text}`;
    else media.push(...encodeResultMedia(one, at.at('content').at(index)));
  }
  const called = name ?? part.id;
  if (media.length === 0 && !keeper.owns(rest)) {
    return { functionResponse: { id: part.id, name: called, response: responseOf(part, text) } };
  }
  const known: JsonObject = note(rest, '$noId') === true ? { name: called } : { id: part.id, name: called };
  const response = responseOf(part, text);
  if (response !== undefined) known['response'] = response;
  const parts = media.length === 0 ? note(rest, '$parts') : media;
  if (parts !== undefined) known['parts'] = parts;
  return { functionResponse: restore(known, note(rest, '$result') as JsonObject | undefined) };
}

function encodeResultMedia(part: Part, at: Writing): JsonObject[] {
  if (part.type === 'image' || part.type === 'document') {
    const media = encodeMedia(part, at);
    if (media?.['inlineData'] !== undefined) return [media];
    if (media !== undefined) at.unsupported('A result can hold the bytes of an image or document only.');
    return [];
  }
  at.unsupported(`A result can hold no ${part.type} in this dialect.`);
  return [];
}

/** How the text of an object begins, and that of any JSON. */
const OBJECT = /^\s*\{/;
const VALUE = /^\s*[[{"\-\dtfn]/;

/** In the shape that it had; else an object as it is, and text as `output` or `error`. */
function responseOf(part: ToolResultPart, text: string | undefined): unknown {
  const shape = note(part.rest, '$shape') as Shape | undefined;
  if (shape === 'none' && text === undefined) return undefined;
  // Most texts are no JSON, and a throw costs more than a look at them.
  const value =
    text !== undefined && (text.startsWith('{') || (shape === undefined ? OBJECT : VALUE).test(text))
      ? parse(text)
      : undefined;
  if (shape === 'whole' && isObject(value)) return value;
  if (shape === 'output-json' && value !== undefined) return { output: value };
  if (shape === 'error-json' && value !== undefined) return { error: value };
  if (part.isError === true) return { error: text ?? '' };
  const isPlain = isObject(value) && !('output' in value) && !('error' in value);
  return shape === undefined && isPlain ? value : { output: text ?? '' };
}

/** What a text says as JSON; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
