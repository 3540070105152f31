/** Reads content blocks, of requests and of answers, into parts. */
import type { JsonObject, Part, Rest } from '@gatewright/core';
import { decodeMarked } from './cache-point.ts';
import { decodeAudio, decodeDocument, decodeImage } from './media-reader.ts';
import { CONVERSE } from './names.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { besides, omit, restFrom, withRest } from './rest.ts';

/** Reads a list of blocks; cache points become marks on the parts before them. */
export function decodeParts(value: unknown, at: Reading): Part[] {
  return decodeMarked(at.list(value), (block, index) => decodePart(block, at.at(index)));
}

type Reader = (inner: JsonObject, at: Reading) => Part | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  image: decodeImage,
  document: (inner, at) => decodeDocument(inner, at, decodeParts),
  audio: decodeAudio,
  toolUse: toolCall,
  toolResult,
  reasoningContent: reasoning,
  citationsContent: cited,
};

const KINDS = Object.entries(READERS);

/** Reads one block: an object with one member, whose name is its kind. A kind that no other dialect has is kept whole. */
export function decodePart(value: unknown, at: Reading): Part {
  const block = at.object(value);
  const { text, json } = block;
  if (!isMissing(text)) return beside(block, 'text', { type: 'text', text: at.at('text').string(text) });
  if (json !== undefined) {
    const rest: Rest = { dialect: CONVERSE, fields: { $json: true } };
    return beside(block, 'json', { type: 'text', text: JSON.stringify(json), rest });
  }
  for (const [kind, read] of KINDS) {
    if (isMissing(block[kind])) continue;
    const part = read(at.at(kind).object(block[kind]), at.at(kind));
    return part === undefined ? opaque(block) : beside(block, kind, part);
  }
  return opaque(block);
}

function opaque(block: JsonObject): Part {
  return { type: 'opaque', dialect: CONVERSE, value: block };
}

/** What stands beside the kind of a block means nothing: servers that only look like the API put a `type` there. */
function beside(block: JsonObject, kind: string, part: Part): Part {
  if (Object.keys(block).length === 1) return part;
  const others = omit(block, kind);
  return { ...part, rest: { dialect: CONVERSE, fields: { ...part.rest?.fields, $block: others } } };
}

const CALL_FIELDS = ['toolUseId', 'name', 'input'];

/** A tool with a type runs on the server: only this dialect knows it. */
function toolCall(inner: JsonObject, at: Reading): Part | undefined {
  if (!isMissing(inner['type'])) return undefined;
  const { input } = inner;
  return {
    type: 'tool-call',
    id: at.at('toolUseId').string(inner['toolUseId']),
    name: at.at('name').string(inner['name']),
    arguments: JSON.stringify(input ?? {}),
    ...besides(inner, CALL_FIELDS, input === undefined ? { $absent: ['input'] } : undefined),
  };
}

const RESULT_FIELDS = ['toolUseId', 'content'];
const RESULT_WITH_STATUS = [...RESULT_FIELDS, 'status'];

const STATUSES: ReadonlyMap<unknown, boolean> = new Map([
  ['error', true],
  ['success', false],
]);

function toolResult(inner: JsonObject, at: Reading): Part | undefined {
  if (!isMissing(inner['type'])) return undefined;
  const { content, status } = inner;
  const isError = STATUSES.get(status);
  const known = isError === undefined ? RESULT_FIELDS : RESULT_WITH_STATUS;
  return {
    type: 'tool-result',
    id: at.at('toolUseId').string(inner['toolUseId']),
    parts: isMissing(content) ? [] : decodeParts(content, at.at('content')),
    ...(isError === undefined ? {} : { isError }),
    ...besides(inner, known, content === undefined ? { $absent: ['content'] } : undefined),
  };
}

function reasoning(inner: JsonObject, at: Reading): Part | undefined {
  const { reasoningText: found, redactedContent: redacted } = inner;
  if (Object.keys(inner).length !== 1) return undefined;
  if (!isMissing(redacted)) {
    const data = at.at('redactedContent').string(redacted);
    return { type: 'reasoning', text: '', redacted: data, origin: CONVERSE };
  }
  if (!isObject(found)) return undefined;
  const place = at.at('reasoningText');
  const { signature } = found;
  return {
    type: 'reasoning',
    text: place.at('text').string(found['text']),
    ...(isMissing(signature) ? {} : { signature: place.at('signature').string(signature) }),
    origin: CONVERSE,
    ...withRest(found, omit(found, 'text', 'signature')),
  };
}

/** Text with its citations. Its pieces are kept where there is not just one. */
function cited(inner: JsonObject, at: Reading): Part | undefined {
  const { content, citations } = inner;
  if (!Array.isArray(content) || !Array.isArray(citations)) return undefined;
  const pieces = content.map((piece, index) => at.at('content').at(index).object(piece));
  if (pieces.some((piece) => typeof piece['text'] !== 'string')) return undefined;
  const isPlain = pieces.length === 1 && Object.keys(pieces[0] as JsonObject).length === 1;
  const others = omit(inner, 'content', 'citations');
  const rest = restFrom({ ...others, ...(isPlain ? {} : { $content: content }) });
  return {
    type: 'text',
    text: pieces.map((piece) => piece['text']).join(''),
    citations: { dialect: CONVERSE, items: citations as unknown[] },
    ...(rest === undefined ? {} : { rest }),
  };
}
