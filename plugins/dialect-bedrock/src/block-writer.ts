/** Writes parts as content blocks, of requests and of answers. */
import type { JsonObject, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '@gatewright/core';
import { encodeCachePoint } from './cache-point.ts';
import { encodeDocument, encodeMedia } from './media-writer.ts';
import { CONVERSE } from './names.ts';
import { isObject } from './reading.ts';
import { compact, hint } from './rest.ts';
import { toolId } from './tool-id.ts';
import type { Writing } from '@gatewright/core/wire';

/** Writes parts as blocks, with a cache point behind each that is marked. What cannot be expressed is said and left out. */
export function encodeParts(parts: readonly Part[], at: Writing): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const block = encodePart(part, at.at(index));
    if (block === undefined) continue;
    blocks.push(block);
    if (part.cache !== undefined && at.reader === 'provider') blocks.push(encodeCachePoint(part.cache));
  }
  return blocks;
}

/**
 * Writes one part as a block, without its cache point; undefined where it is left out. Empty text is, since the API
 * refuses it and other dialects send it where there is only a tool call.
 */
export function encodePart(part: Part, at: Writing): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return part.text === '' && !at.own ? undefined : text(part, at);
    case 'refusal':
      return part.text === '' ? undefined : beside({ text: part.text }, part, at);
    case 'image':
    case 'audio':
      return wrap(part.type, encodeMedia(part, at), part, at);
    case 'document':
      return wrap('document', encodeDocument(part, at, encodeParts), part, at);
    case 'tool-call':
      return beside({ toolUse: toolUse(part, at) }, part, at);
    case 'tool-result':
      return beside({ toolResult: toolResult(part, at) }, part, at);
    case 'reasoning':
      return wrap('reasoningContent', reasoning(part, at), part, at);
    case 'opaque':
      if (part.dialect === CONVERSE) return part.value;
      at.unsupported(`Only the dialect ${part.dialect} has this part.`);
      return undefined;
  }
}

/** A block of a kind; undefined where it is left out. */
function wrap(kind: string, inner: unknown, part: Part, at: Writing): JsonObject | undefined {
  return inner === undefined ? undefined : beside({ [kind]: inner }, part, at);
}

/** A block, with what stood beside its kind. */
function beside(block: JsonObject, part: Part, at: Writing): JsonObject {
  const others = at.own ? hint(part.rest, '$block') : undefined;
  return isObject(others) ? { ...others, ...block } : block;
}

function text(part: TextPart, at: Writing): JsonObject | undefined {
  const { citations } = part;
  if (citations?.dialect === CONVERSE) return beside({ citationsContent: cited(part, citations.items, at) }, part, at);
  if ((citations?.items.length ?? 0) > 0) {
    at.at('citations').unsupported(`They are in the form of the dialect ${citations?.dialect}.`);
  }
  at.refuse(part.rest);
  const json = hint(part.rest, '$json') === true ? parse(part.text) : undefined;
  return json === undefined ? beside({ text: part.text }, part, at) : beside({ json }, part, at);
}

function cited(part: TextPart, items: readonly unknown[], at: Writing): JsonObject {
  const pieces = hint(part.rest, '$content') as JsonObject[] | undefined;
  const isSame = pieces?.map((piece) => piece['text']).join('') === part.text;
  return at.complete({ content: isSame ? pieces : [{ text: part.text }], citations: items }, part.rest);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function toolUse(part: ToolCallPart, at: Writing): JsonObject {
  const input = part.arguments.trim() === '' ? {} : parse(part.arguments);
  const fits = at.own ? input !== undefined : isObject(input);
  if (!fits) at.at('arguments').warn('They are not a JSON object, and are sent on as {"INVALID_JSON": …}.');
  const known = {
    toolUseId: toolId(part.id, at.own),
    name: part.name,
    input: fits ? input : { INVALID_JSON: part.arguments },
  };
  return at.complete(known, part.rest);
}

/** `status` is only written where it says something: not every model takes it. */
function toolResult(part: ToolResultPart, at: Writing): JsonObject {
  const { isError } = part;
  const place = at.at('content');
  for (const [index, inner] of part.parts.entries()) {
    if (inner.cache !== undefined && !at.own)
      place.at(index).warn('A cache mark inside of a tool result has no place here.');
  }
  const status = isError === true ? 'error' : isError === false && at.own ? 'success' : undefined;
  const isMarked = !at.own && part.parts.some((inner) => inner.cache !== undefined);
  const content = encodeParts(isMarked ? part.parts.map(unmarked) : part.parts, place);
  const known: JsonObject = { toolUseId: toolId(part.id, at.own), content };
  if (status !== undefined) known['status'] = status;
  return at.complete(known, part.rest);
}

function unmarked(part: Part): Part {
  if (part.cache === undefined) return part;
  const { cache: _, ...bare } = part;
  return bare;
}

/** What is said where the signature of another's thinking is left out. */
export const foreignSignature = (origin: string): string =>
  `The signature of thinking counts only in the dialect ${origin}, and is left out.`;

/** What is said where thinking that nobody may read is left out. */
export const foreignThinking = (origin: string): string =>
  `Thinking of the dialect ${origin} has no signature that counts here, and is left out.`;

/**
 * Thinking is signed by who thought it. Towards a provider, only this dialect's own may be sent back; towards a client,
 * another's text is shown without a signature.
 */
function reasoning(part: ReasoningPart, at: Writing): JsonObject | undefined {
  const { text, redacted, signature, origin } = part;
  if (origin === CONVERSE && (at.own || at.reader === 'client' || (redacted ?? signature ?? '') !== '')) {
    if (redacted !== undefined) return { redactedContent: redacted };
    return { reasoningText: at.complete(compact({ text, signature }), part.rest) };
  }
  if (at.reader === 'provider' || (redacted !== undefined && text === '')) {
    at.warn(foreignThinking(origin));
    return undefined;
  }
  if ((signature ?? '') !== '') at.warn(foreignSignature(origin));
  return text === '' ? undefined : { reasoningText: { text } };
}
