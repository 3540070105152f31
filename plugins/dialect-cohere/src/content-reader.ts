/** Reads the content of messages, of requests and of answers, into parts. */
import type { ImagePart, JsonObject, Part } from '@gatewright/core';
import { decodeDocument } from './documents.ts';
import { CHAT } from './names.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { besides, omit, restFields, withRest } from './rest.ts';

/** Which of its shapes content has, as a hint for writing it again. */
export function shapeOf(content: unknown): 'absent' | 'string' | 'list' {
  if (isMissing(content)) return 'absent';
  return typeof content === 'string' ? 'string' : 'list';
}

/** Reads content that may be text or a list of blocks, or be missing. */
export function decodeContent(content: unknown, at: Reading): Part[] {
  if (isMissing(content)) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw at.fail('must be a string or a list of blocks');
  return content.map((block, index) => decodeBlock(block, at.at(index)));
}

const TEXT_FIELDS = ['type', 'text'];

/** Reads one block. A block of a type that no other dialect has is kept whole. */
export function decodeBlock(value: unknown, at: Reading): Part {
  const block = at.object(value);
  switch (at.at('type').string(block['type'])) {
    case 'text':
      return {
        type: 'text',
        text: at.at('text').string(block['text']),
        ...besides(block, TEXT_FIELDS),
      };
    case 'thinking':
      return {
        type: 'reasoning',
        text: at.at('thinking').string(block['thinking']),
        origin: CHAT,
        ...withRest(block, omit(block, 'type', 'thinking')),
      };
    case 'image_url':
      return image(block, at.at('image_url'));
    case 'document':
      return document(block, at.at('document'));
    default:
      return { type: 'opaque', dialect: CHAT, value: block };
  }
}

const DATA_URL = /^data:([^;,]+);base64,/;

/** The image of a URL: the bytes themselves where it is a base64 data URL. */
export function imageOf(url: string): ImagePart {
  const match = DATA_URL.exec(url);
  if (match === null) return { type: 'image', source: { kind: 'url', url } };
  const data = url.slice(match[0].length);
  return { type: 'image', source: { kind: 'base64', mediaType: match[1] as string, data } };
}

function image(block: JsonObject, at: Reading): Part {
  const found = at.object(block['image_url']);
  const { detail } = found;
  const kept = restFields(found, omit(found, 'url', 'detail'));
  const others = omit(block, 'type', 'image_url');
  return {
    ...imageOf(at.at('url').string(found['url'])),
    ...(isMissing(detail) ? {} : { detail: at.at('detail').string(detail) }),
    ...withRest(block, others, { $image: Object.keys(kept).length === 0 ? undefined : kept }),
  };
}

function document(block: JsonObject, at: Reading): Part {
  const { document: found } = block;
  if (!isObject(found)) throw at.fail('must be an object');
  const part = decodeDocument(found, at);
  const { rest } = withRest(block, omit(block, 'type', 'document'), part.rest?.fields);
  return { ...part, ...(rest === undefined ? {} : { rest }) };
}
