/** Writes parts, of requests and of answers. */
import type { JsonObject, Part, ReasoningPart, TextPart, ToolCallPart } from '@gatewright/core';
import { encodeResult } from './function-response.ts';
import { encodeMedia } from './media.ts';
import { GENERATE } from './names.ts';
import { isObject } from './reading.ts';
import { compact, keeper, note, restore } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** The functions that were called so far, by the ids of their calls: results need them. */
export type CallNames = Map<string, string>;

/** Writes parts. What this dialect cannot express is said and left out. */
export function encodeParts(parts: readonly Part[], at: Writing, names: CallNames): JsonObject[] {
  const encoded: JsonObject[] = [];
  for (let index = 0; index < parts.length; index++) {
    const one = encodePart(parts[index] as Part, at.at(index), names);
    if (one !== undefined) encoded.push(one);
  }
  return encoded;
}

/** Writes one part; undefined where it is left out. Empty text of another dialect is: it stands where there are only calls. */
export function encodePart(part: Part, at: Writing, names: CallNames): JsonObject | undefined {
  if (part.cache !== undefined) at.warn('Cache marks of other dialects are left out: prompts are cached without them.');
  switch (part.type) {
    case 'text':
      return part.text === '' && !at.own ? undefined : text(part, at);
    case 'refusal':
      return part.text === '' ? undefined : complete({ text: part.text }, part, at);
    case 'image':
    case 'document':
    case 'audio':
      return media(part, at);
    case 'tool-call':
      names.set(part.id, part.name);
      return toolCall(part, at);
    case 'tool-result':
      return at.complete(encodeResult(part, at, names), part.rest);
    case 'reasoning':
      return reasoning(part, at);
    case 'opaque':
      if (part.dialect === GENERATE) return part.value;
      at.unsupported(`Only the dialect ${part.dialect} has this part.`);
      return undefined;
  }
}

/** Completes a part with what only this dialect knows of it, its signature included. */
function complete(known: JsonObject, part: Part, at: Writing): JsonObject {
  if (!keeper.owns(part.rest)) return at.complete(known, part.rest);
  const signature = note(part.rest, '$signature');
  return at.complete(signature === undefined ? known : { ...known, thoughtSignature: signature }, part.rest);
}

function text(part: TextPart, at: Writing): JsonObject {
  if ((part.citations?.items.length ?? 0) > 0) {
    at.at('citations').unsupported(`They are in the form of the dialect ${part.citations?.dialect}.`);
  }
  return complete({ text: part.text }, part, at);
}

function media(part: Extract<Part, { type: 'image' | 'document' | 'audio' }>, at: Writing): JsonObject | undefined {
  const encoded = encodeMedia(part, at);
  if (encoded === undefined) return undefined;
  // `auto` is what every model here does.
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
    at.at('detail').unsupported('This dialect has no such level of detail.');
  }
  if (part.type === 'document' && part.context !== undefined) {
    at.at('context').unsupported('This dialect has no context of documents.');
  }
  return complete(encoded, part, at);
}

function toolCall(part: ToolCallPart, at: Writing): JsonObject {
  const args = parseArguments(part.arguments);
  if (args === undefined) {
    at.at('arguments').warn('They are not a JSON object, and are sent on as {"INVALID_JSON": …}.');
  }
  if (!keeper.owns(part.rest)) {
    const functionCall = { id: part.id, name: part.name, args: args ?? { INVALID_JSON: part.arguments } };
    return at.complete({ functionCall }, part.rest);
  }
  const isEmpty = note(part.rest, '$noArgs') === true && part.arguments === '{}';
  const known: JsonObject = note(part.rest, '$noId') === true ? { name: part.name } : { id: part.id, name: part.name };
  if (!isEmpty) known['args'] = args ?? { INVALID_JSON: part.arguments };
  const call = restore(known, note(part.rest, '$call') as JsonObject | undefined);
  return complete({ functionCall: call }, part, at);
}

/** The arguments of a call as the object that this dialect wants; undefined where they are none. */
function parseArguments(json: string): JsonObject | undefined {
  if (json.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is said where the signature of another's thinking is left out. */
export const foreignSignature = (origin: string): string =>
  `The signature of thinking counts only in the dialect ${origin}, and is left out.`;

/** What is said where another's thinking is left out. */
export const foreignThinking = (origin: string): string =>
  `Thinking of the dialect ${origin} has no signature that counts here, and is left out.`;

/**
 * Thinking is signed by who thought it. Towards a provider, only this dialect's own may be sent back; towards a client,
 * another's text is shown without its signature.
 */
function reasoning(part: ReasoningPart, at: Writing): JsonObject | undefined {
  const { text: thought, signature, origin } = part;
  if (origin === GENERATE) {
    return at.complete(compact({ text: thought, thought: true, thoughtSignature: signature }), part.rest);
  }
  if (at.reader === 'provider' || thought === '') {
    at.warn(foreignThinking(origin));
    return undefined;
  }
  if ((signature ?? '') !== '') at.warn(foreignSignature(origin));
  return at.complete({ text: thought, thought: true }, part.rest);
}
