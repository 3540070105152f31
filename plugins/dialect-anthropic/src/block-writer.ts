/** Writes parts as content blocks, of requests and of answers. */
import type {
  DocumentPart,
  ImagePart,
  JsonObject,
  Part,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '@gatewright/core';
import { encodeCache } from './cache-mark.ts';
import { MESSAGES } from './names.ts';
import { isObject } from './reading.ts';
import { compact, hint } from './rest.ts';
import { encodeSource } from './source.ts';
import type { Writing } from '@gatewright/core/wire';

/** Writes parts as blocks. What this dialect cannot express is said and left out. */
export function encodeParts(parts: readonly Part[], at: Writing): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const block = encodePart(part, at.at(index));
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

/**
 * Writes one part as a block; undefined where it is left out. Empty text is, since the API refuses it and other
 * dialects send it where there is only a tool call; unless the part has only begun and is `open` for more.
 */
export function encodePart(part: Part, at: Writing, open = false): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return part.text === '' && !open && !at.own ? undefined : text(part, at);
    case 'refusal':
      return part.text === '' && !open ? undefined : finish({ type: 'text', text: part.text }, part, at);
    case 'image':
      return image(part, at);
    case 'document':
      return document(part, at);
    case 'tool-call':
      return toolCall(part, at);
    case 'tool-result':
      return toolResult(part, at);
    case 'reasoning':
      return reasoning(part, at, open);
    case 'opaque':
      if (part.dialect === MESSAGES) return part.value;
      at.unsupported(`Only the dialect ${part.dialect} has this part.`);
      return undefined;
    case 'audio':
      at.unsupported('This dialect has no audio.');
      return undefined;
  }
}

/** Completes a block with what any part may carry. */
function finish(block: JsonObject, part: Part, at: Writing): JsonObject {
  if (part.cache !== undefined) block['cache_control'] = encodeCache(part.cache);
  return at.complete(block, part.rest);
}

function text(part: TextPart, at: Writing): JsonObject {
  const block: JsonObject = { type: 'text', text: part.text };
  if (part.citations?.dialect === MESSAGES) block['citations'] = part.citations.items;
  else if ((part.citations?.items.length ?? 0) > 0) {
    at.at('citations').unsupported(`They are in the form of the dialect ${part.citations?.dialect}.`);
  }
  return finish(block, part, at);
}

function image(part: ImagePart, at: Writing): JsonObject | undefined {
  const source = encodeSource(part, at, encodeParts);
  if (source === undefined) return undefined;
  // `auto` is what every model here does.
  if (part.detail !== undefined && part.detail !== 'auto') {
    at.at('image_url.detail').unsupported('This dialect has no level of detail for images.');
  }
  return finish({ type: 'image', source }, part, at);
}

function document(part: DocumentPart, at: Writing): JsonObject | undefined {
  const source = encodeSource(part, at, encodeParts);
  if (source === undefined) return undefined;
  return finish(compact({ type: 'document', source, title: part.title, context: part.context }), part, at);
}

function toolCall(part: ToolCallPart, at: Writing): JsonObject {
  const input = parseArguments(part.arguments);
  if (input === undefined)
    at.at('arguments').warn('They are not a JSON object, and are sent on as {"INVALID_JSON": …}.');
  const block = {
    type: 'tool_use',
    id: toolId(part.id, at.own),
    name: part.name,
    input: input ?? { INVALID_JSON: part.arguments },
  };
  return finish(block, part, at);
}

/**
 * The arguments of a call as the object that this dialect wants; undefined where they are none. What is not valid goes
 * out under `INVALID_JSON`, as the documentation of fine-grained tool streaming advises
 * (https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming).
 */
export function parseArguments(text: string): JsonObject | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Ids of calls may only have these characters here (`^[a-zA-Z0-9_-]+$` in the API's schema); some providers use others. */
export function toolId(id: string, own: boolean): string {
  if (own) return id;
  return id === '' ? '_' : id.replace(/[^a-zA-Z0-9_-]/g, '_');
}

function toolResult(part: ToolResultPart, at: Writing): JsonObject {
  const shape = hint(part.rest, '$content');
  const block = compact({
    type: 'tool_result',
    tool_use_id: toolId(part.id, at.own),
    content: encodeContent(part.parts, shape, at.at('content')),
    is_error: part.isError,
  });
  return finish(block, part, at);
}

/**
 * Parts as content that may be text or a list of blocks: in the shape that the hint names, or, where there is none,
 * as text where they are no more than that. Undefined where there is no content.
 */
export function encodeContent(parts: readonly Part[], shape: unknown, at: Writing): string | JsonObject[] | undefined {
  if (parts.length === 0) return shape === 'blocks' ? [] : undefined;
  const plain = parts.length === 1 ? plainText(parts[0] as Part) : undefined;
  if (plain !== undefined && (shape === 'string' || (shape === undefined && !at.own && plain !== ''))) return plain;
  const blocks = encodeParts(parts, at);
  return blocks.length === 0 && shape === undefined ? undefined : blocks;
}

/** The text of a part that is nothing else. */
function plainText(part: Part): string | undefined {
  if (part.type !== 'text' || part.cache !== undefined || part.rest !== undefined) return undefined;
  return part.citations === undefined ? part.text : undefined;
}

/** What is said where the signature of another's thinking is left out. */
export const foreignSignature = (origin: string): string =>
  `The signature of thinking counts only in the dialect ${origin}, and is left out.`;

/**
 * Thinking is signed by who thought it. Towards a provider, only this dialect's own may be sent back; towards a client,
 * another's text is shown with an empty signature.
 */
function reasoning(part: ReasoningPart, at: Writing, open: boolean): JsonObject | undefined {
  const { text, redacted, signature, origin } = part;
  if (origin === MESSAGES && (at.own || at.reader === 'client' || (redacted ?? signature ?? '') !== '')) {
    if (redacted !== undefined) return finish({ type: 'redacted_thinking', data: redacted }, part, at);
    return finish(compact({ type: 'thinking', thinking: text, signature }), part, at);
  }
  if (at.reader === 'provider' || (redacted !== undefined && text === '')) {
    at.warn(`Thinking of the dialect ${origin} has no signature that counts here, and is left out.`);
    return undefined;
  }
  if ((signature ?? '') !== '') at.warn(foreignSignature(origin));
  return text === '' && !open ? undefined : finish({ type: 'thinking', thinking: text, signature: '' }, part, at);
}
