/** Where the bytes of images and documents are: the `source` of their blocks. */
import type { ImagePart, JsonObject, Part, Source } from '@gatewright/core';
import { MESSAGES } from './names.ts';
import type { Reading } from './reading.ts';
import { compact, hint, omit, restore, restFields } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedSource {
  readonly source: Source;
  /** Hints for the part's rest. */
  readonly hints: JsonObject;
}

/** Reads a source; undefined where its type is one that the neutral form does not know. */
export function decodeSource(
  value: JsonObject,
  at: Reading,
  decodeParts: (value: unknown, at: Reading) => Part[],
): DecodedSource | undefined {
  const text = (key: string): string => at.at(key).string(value[key]);
  const found = (source: Source, known: readonly string[], shape?: 'string'): DecodedSource => {
    const kept = restFields(value, omit(value, 'type', ...known), { $content: shape });
    return { source, hints: Object.keys(kept).length === 0 ? {} : { $source: kept } };
  };
  switch (value['type']) {
    case 'base64':
      return found({ kind: 'base64', mediaType: text('media_type'), data: text('data') }, ['media_type', 'data']);
    case 'url':
      return found({ kind: 'url', url: text('url') }, ['url']);
    case 'file':
      return found({ kind: 'file', id: text('file_id'), origin: MESSAGES }, ['file_id']);
    case 'text':
      return found({ kind: 'text', mediaType: text('media_type'), text: text('data') }, ['media_type', 'data']);
    case 'content': {
      const { content } = value;
      if (typeof content !== 'string')
        return found({ kind: 'parts', parts: decodeParts(content, at.at('content')) }, ['content']);
      return found({ kind: 'parts', parts: [{ type: 'text', text: content }] }, ['content'], 'string');
    }
    default:
      return undefined;
  }
}

/** The part's source as JSON; undefined, once that is said, where this dialect has no such source. */
export function encodeSource(
  part: Extract<Part, { source: Source }>,
  at: Writing,
  encodeParts: (parts: readonly Part[], at: Writing) => JsonObject[],
): JsonObject | undefined {
  const kept = hint(part.rest, '$source') as JsonObject | undefined;
  const misfit = at.own ? undefined : misfitOf(part);
  if (misfit !== undefined) {
    at.unsupported(misfit);
    return undefined;
  }
  const known = knownSource(part.source, kept?.['$content'] === 'string', at, encodeParts);
  if (known === undefined || (part.type === 'image' && !fitsImage(part))) {
    at.unsupported(`This dialect has no ${part.type} of this kind.`);
    return undefined;
  }
  return restore(known, kept);
}

/** The kinds of images that the API takes (https://platform.claude.com/docs/en/build-with-claude/vision). */
const IMAGES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Why what came from another dialect cannot be sent; undefined where it can. */
function misfitOf({ type, source }: Extract<Part, { source: Source }>): string | undefined {
  if (source.kind === 'file' && source.origin !== undefined && source.origin !== MESSAGES) {
    return 'Only the provider that a file was uploaded to knows its id.';
  }
  if (source.kind !== 'base64') return undefined;
  const { mediaType } = source;
  if (type === 'image' && !IMAGES.has(mediaType)) {
    return `Images are JPEG, PNG, GIF or WebP in this dialect, and not ${mediaType}.`;
  }
  const readable = mediaType === 'application/pdf' || mediaType.startsWith('text/');
  if (type === 'document' && !readable) return `Documents are PDF or text in this dialect, and not ${mediaType}.`;
  return undefined;
}

function knownSource(
  source: Source,
  asString: boolean,
  at: Writing,
  encodeParts: (parts: readonly Part[], at: Writing) => JsonObject[],
): JsonObject | undefined {
  switch (source.kind) {
    case 'url':
      return { type: 'url', url: source.url };
    case 'file':
      return { type: 'file', file_id: source.id };
    case 'text':
      return { type: 'text', media_type: source.mediaType, data: source.text };
    case 'base64':
      return encodeBase64(source, at.own);
    case 'parts': {
      const [first] = source.parts;
      if (asString && source.parts.length === 1 && first?.type === 'text')
        return { type: 'content', content: first.text };
      return compact({ type: 'content', content: encodeParts(source.parts, at.at('content')) });
    }
  }
}

/** The only base64 documents are PDFs; text in base64 goes out as what it is. */
function encodeBase64(source: Extract<Source, { kind: 'base64' }>, own: boolean): JsonObject {
  if (own || !source.mediaType.startsWith('text/')) {
    return { type: 'base64', media_type: source.mediaType, data: source.data };
  }
  return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString('utf8') };
}

function fitsImage({ source }: ImagePart): boolean {
  return source.kind === 'url' || source.kind === 'base64' || source.kind === 'file';
}
