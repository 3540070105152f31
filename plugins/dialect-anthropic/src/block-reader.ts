/** Reads content blocks, of requests and of answers, into parts. */
import type { JsonObject, Part, ReasoningPart, ToolResultPart } from '@gatewright/core';
import { markAndRest } from './cache-mark.ts';
import { MESSAGES } from './names.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { decodeSource } from './source.ts';

/** Reads a list of blocks. */
export function decodeParts(value: unknown, at: Reading): Part[] {
  return at.list(value).map((block, index) => decodePart(block, at.at(index)));
}

/** Reads one block. A block of a type that no other dialect has is kept whole. */
export function decodePart(value: unknown, at: Reading): Part {
  const block = at.object(value);
  switch (at.at('type').string(block['type'])) {
    case 'text':
      return text(block, at);
    case 'image':
      return image(block, at);
    case 'document':
      return document(block, at);
    case 'tool_use':
      return toolCall(block, at);
    case 'tool_result':
      return toolResult(block, at);
    case 'thinking':
      return thinking(block, at);
    case 'redacted_thinking':
      return redacted(block, at);
    default:
      return opaque(block);
  }
}

function opaque(block: JsonObject): Part {
  return { type: 'opaque', dialect: MESSAGES, value: block };
}

function text(block: JsonObject, at: Reading): Part {
  const part = { type: 'text' as const, text: at.at('text').string(block['text']) };
  const { citations } = block;
  if (!Array.isArray(citations)) return { ...part, ...markAndRest(block, ['type', 'text']) };
  const rest = markAndRest(block, ['type', 'text', 'citations']);
  return { ...part, citations: { dialect: MESSAGES, items: citations as unknown[] }, ...rest };
}

function image(block: JsonObject, at: Reading): Part {
  const found = decodeSource(at.at('source').object(block['source']), at.at('source'), decodeParts);
  if (found === undefined || found.source.kind === 'parts' || found.source.kind === 'text') return opaque(block);
  return { type: 'image', source: found.source, ...markAndRest(block, ['type', 'source'], found.hints) };
}

function document(block: JsonObject, at: Reading): Part {
  const found = decodeSource(at.at('source').object(block['source']), at.at('source'), decodeParts);
  if (found === undefined) return opaque(block);
  const { title, context, citations } = block;
  const known = ['type', 'source', 'title', 'context'];
  // No citations are what every other dialect has too.
  const none = isObject(citations) && citations['enabled'] === false && Object.keys(citations).length === 1;
  return {
    type: 'document',
    source: found.source,
    ...(isMissing(title) ? {} : { title: at.at('title').string(title) }),
    ...(isMissing(context) ? {} : { context: at.at('context').string(context) }),
    ...markAndRest(
      block,
      none ? [...known, 'citations'] : known,
      none ? { ...found.hints, $extra: { citations } } : found.hints,
    ),
  };
}

/** A call that the model makes itself has the caller `direct`: that is what every other dialect means too. */
function isDirect(caller: unknown): boolean {
  return isObject(caller) && caller['type'] === 'direct' && Object.keys(caller).length === 1;
}

function toolCall(block: JsonObject, at: Reading): Part {
  const { input, caller } = block;
  const known = ['type', 'id', 'name', 'input'];
  const direct = isDirect(caller);
  return {
    type: 'tool-call',
    id: at.at('id').string(block['id']),
    name: at.at('name').string(block['name']),
    arguments: JSON.stringify(at.at('input').object(input)),
    ...markAndRest(block, direct ? [...known, 'caller'] : known, direct ? { $extra: { caller } } : undefined),
  };
}

function toolResult(block: JsonObject, at: Reading): ToolResultPart {
  const { content, is_error: isError } = block;
  const known = ['type', 'tool_use_id', 'content', 'is_error'];
  return {
    type: 'tool-result',
    id: at.at('tool_use_id').string(block['tool_use_id']),
    parts: decodeContent(content, at.at('content')),
    ...(isMissing(isError) ? {} : { isError: at.at('is_error').boolean(isError) }),
    ...markAndRest(block, known, { $content: shapeOf(content) }),
  };
}

/** Which of its shapes content has, as a hint for writing it again. */
export function shapeOf(content: unknown): 'absent' | 'string' | 'blocks' {
  if (isMissing(content)) return 'absent';
  return typeof content === 'string' ? 'string' : 'blocks';
}

/** Reads content that may be text or a list of blocks, or be missing. */
export function decodeContent(content: unknown, at: Reading): Part[] {
  if (isMissing(content)) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw at.fail('must be a string or a list of blocks');
  return decodeParts(content, at);
}

function thinking(block: JsonObject, at: Reading): ReasoningPart {
  const { signature } = block;
  return {
    type: 'reasoning',
    text: at.at('thinking').string(block['thinking']),
    ...(isMissing(signature) ? {} : { signature: at.at('signature').string(signature) }),
    origin: MESSAGES,
    ...markAndRest(block, ['type', 'thinking', 'signature']),
  };
}

function redacted(block: JsonObject, at: Reading): ReasoningPart {
  return {
    type: 'reasoning',
    text: '',
    redacted: at.at('data').string(block['data']),
    origin: MESSAGES,
    ...markAndRest(block, ['type', 'data']),
  };
}
