/** Writes images, documents and sounds. */
import type { AudioPart, DocumentPart, ImagePart, JsonObject, Part, Source } from '@gatewright/core';
import { formatOf, type MediaKind } from './media.ts';
import { compact, hint } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

type Media = ImagePart | DocumentPart | AudioPart;

/** Says why a source cannot be written. */
function refuse(part: Media, at: Writing, why: string): undefined {
  at.unsupported(`This dialect has no ${part.type} of this kind: ${why}.`);
  return undefined;
}

const ELSEWHERE: Readonly<Partial<Record<Source['kind'], string>>> = {
  url: 'it takes the bytes themselves, and nobody fetches them from a URL',
  file: 'it has no ids of uploaded files',
};

function formatFor(kind: MediaKind, mediaType: string, part: Media): string | undefined {
  const kept = hint(part.rest, '$format');
  return typeof kept === 'string' ? kept : formatOf(kind, mediaType);
}

/** An image or a sound as JSON; undefined, once that is said, where it cannot be written. */
export function encodeMedia(part: ImagePart | AudioPart, at: Writing): JsonObject | undefined {
  const { source } = part;
  if (source.kind !== 'base64') return refuse(part, at, ELSEWHERE[source.kind] ?? 'its bytes are text');
  const format = formatFor(part.type, source.mediaType, part);
  if (format === undefined) return refuse(part, at, `it has no format for ${source.mediaType}`);
  // `auto` is what every model here does.
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
    at.at('image_url.detail').unsupported('This dialect has no level of detail for images.');
  }
  return at.complete({ format, source: { bytes: source.data } }, part.rest);
}

/** A document as JSON; undefined, once that is said, where it cannot be written. */
export function encodeDocument(
  part: DocumentPart,
  at: Writing,
  encodeParts: (parts: readonly Part[], at: Writing) => JsonObject[],
): JsonObject | undefined {
  const { source, title, context } = part;
  const name = at.own && title !== undefined ? title : documentName(title, at);
  if (source.kind === 'parts') {
    const content = encodeParts(source.parts, at.at('content'));
    const format = hint(part.rest, '$format');
    return at.complete(compact({ format, name, source: { content }, context }), part.rest);
  }
  if (source.kind !== 'base64' && source.kind !== 'text') return refuse(part, at, ELSEWHERE[source.kind] ?? '');
  const format = formatFor('document', source.mediaType, part);
  if (format === undefined) return refuse(part, at, `it has no format for ${source.mediaType}`);
  return at.complete(compact({ format, name, source: bytesOf(source, at.own), context }), part.rest);
}

/** Not every model takes text as text, but all that take documents take its bytes. */
function bytesOf(source: Extract<Source, { kind: 'base64' | 'text' }>, own: boolean): JsonObject {
  if (source.kind === 'base64') return { bytes: source.data };
  return own ? { text: source.text } : { bytes: Buffer.from(source.text).toString('base64') };
}

/**
 * A name with no other characters than those allowed: letters, digits, single spaces, hyphens, parentheses and
 * brackets (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html). Every document of
 * a request needs one of its own.
 */
function documentName(title: string | undefined, at: Writing): string {
  const clean = (title ?? '')
    .replace(/[^a-zA-Z0-9\s()[\]-]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 190);
  return at.unique(clean === '' ? 'document' : clean);
}
