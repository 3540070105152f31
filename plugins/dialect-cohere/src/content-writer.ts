/** Writes parts as the content of messages, of requests and of answers. */
import type { DocumentPart, ImagePart, JsonObject, Part, ReasoningPart } from '@gatewright/core';
import { encodeDocument } from './documents.ts';
import { CHAT, isOwn } from './names.ts';
import { compact, hint, restore } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** Writes parts as blocks. What this dialect cannot express is said and left out. */
export function encodeBlocks(parts: readonly Part[], at: Writing): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const block = encodeBlock(part, at.at(index));
    if (block !== undefined) blocks.push(block);
  }
  return blocks;
}

/** Writes one part as a block; undefined where it is left out. Empty text of another dialect is: it stands where there are only calls. */
export function encodeBlock(part: Part, at: Writing): JsonObject | undefined {
  if (part.cache !== undefined) at.warn('Cache marks of other dialects are left out: prompts are cached without them.');
  switch (part.type) {
    case 'text':
    case 'refusal':
      if (part.text === '' && !at.own) return undefined;
      return at.complete({ type: 'text', text: part.text }, part.rest);
    case 'reasoning':
      return reasoning(part, at);
    case 'image':
      return image(part, at);
    case 'document':
      return document(part, at);
    case 'opaque':
      if (isOwn(part.dialect)) return part.value;
      at.unsupported(`Only the dialect ${part.dialect} has this part.`);
      return undefined;
    case 'audio':
      at.unsupported('This dialect has no audio.');
      return undefined;
    case 'tool-call':
    case 'tool-result':
      at.unsupported(`A ${part.type} cannot stand here in this dialect.`);
      return undefined;
  }
}

/** Only this dialect's own thinking is sent back to a provider; a client is shown another's, without its signature. */
function reasoning(part: ReasoningPart, at: Writing): JsonObject | undefined {
  const { text, origin } = part;
  if (origin !== CHAT && (at.reader === 'provider' || text === '')) {
    at.warn(`Thinking of the dialect ${origin} means nothing here, and is left out.`);
    return undefined;
  }
  if (part.signature !== undefined) warnOfSignature(at);
  return at.complete({ type: 'thinking', thinking: text }, part.rest);
}

/** Says that a client is not shown the signature of another dialect's thinking. */
export function warnOfSignature(at: Writing): void {
  at.at('signature').warn('Thinking has no signature in this dialect.');
}

/** The URL of an image; undefined, once that is said, where there is none. */
export function imageUrl({ source }: ImagePart, at: Writing): string | undefined {
  if (source.kind === 'url') return source.url;
  if (source.kind === 'base64') return `data:${source.mediaType};base64,${source.data}`;
  at.unsupported('This dialect has no image of this kind.');
  return undefined;
}

/** https://docs.cohere.com/docs/image-inputs */
const DETAILS: ReadonlySet<string> = new Set(['auto', 'low', 'high']);

function image(part: ImagePart, at: Writing): JsonObject | undefined {
  const url = imageUrl(part, at);
  if (url === undefined) return undefined;
  const { detail } = part;
  const fits = detail === undefined || at.own || DETAILS.has(detail);
  if (!fits) at.at('detail').unsupported(`This dialect has no level of detail "${detail}".`);
  const found = restore(
    compact({ url, detail: fits ? detail : undefined }),
    hint(part.rest, '$image') as JsonObject | undefined,
  );
  return at.complete({ type: 'image_url', image_url: found }, part.rest);
}

function document(part: DocumentPart, at: Writing): JsonObject | undefined {
  const found = encodeDocument(part, at);
  if (found === undefined) return undefined;
  const whole = typeof found === 'string' ? { data: { text: found } } : found;
  // Only the results of tools hold documents; another dialect's fields were refused when the document was written.
  return at.complete({ type: 'document', document: whole }, isOwn(part.rest?.dialect) ? part.rest : undefined);
}

/**
 * Parts as content that may be text or a list of blocks: in the shape that the hint names, or, where there is none,
 * as text where they are no more than that. Undefined where there is no content.
 */
export function encodeContent(parts: readonly Part[], shape: unknown, at: Writing): string | JsonObject[] | undefined {
  const blocks = encodeBlocks(parts, at);
  if (blocks.length === 0 && shape !== 'list') return undefined;
  const [only] = blocks;
  const isPlain = blocks.length === 1 && only?.['type'] === 'text' && Object.keys(only).length === 2;
  if (isPlain && (shape === 'string' || shape === undefined)) return only['text'] as string;
  return blocks;
}
