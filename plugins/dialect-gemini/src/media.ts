/** Images, sounds and documents: `inlineData` and `fileData`. */
import type { JsonObject, Part, Source } from '@gatewright/core';
import type { Reading } from './reading.ts';
import { compact, note, restore } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

type MediaPart = Extract<Part, { type: 'image' | 'document' | 'audio' }>;

export interface DecodedMedia {
  readonly type: MediaPart['type'];
  readonly source: Source;
  readonly title?: string;
  readonly notes: JsonObject;
}

/** What kind of part holds bytes of this type; undefined for films, which no other dialect has. */
function typeOf(mediaType: string): MediaPart['type'] | undefined {
  if (mediaType.startsWith('image/')) return 'image';
  if (mediaType.startsWith('audio/')) return 'audio';
  return mediaType.startsWith('video/') ? undefined : 'document';
}

/** Reads `inlineData`; undefined where only this dialect can express it. */
export function decodeInline(value: unknown, at: Reading): DecodedMedia | undefined {
  const { mimeType, data, displayName, ...others } = at.fields(value);
  const mediaType = at.at('mimeType').string(mimeType);
  const type = typeOf(mediaType);
  const bytes = at.at('data').string(data);
  if (type === undefined) return undefined;
  const source: Source = { kind: 'base64', mediaType, data: bytes };
  return { type, source, ...media(type, displayName, others) };
}

/** The title is a neutral field of documents only. */
function media(type: MediaPart['type'], name: unknown, others: JsonObject): Pick<DecodedMedia, 'title' | 'notes'> {
  const isTitle = type === 'document' && typeof name === 'string';
  const kept = compact(isTitle ? others : { ...others, displayName: name });
  return { ...(isTitle ? { title: name } : {}), notes: Object.keys(kept).length === 0 ? {} : { $source: kept } };
}

/** Files of Google's own storage mean nothing to others; neither do films, nor what has no type. */
export function decodeFile(value: unknown, at: Reading): DecodedMedia | undefined {
  const { fileUri, mimeType, displayName, ...others } = at.fields(value);
  const url = at.at('fileUri').string(fileUri);
  if (typeof mimeType !== 'string' || !/^https?:/.test(url) || url.includes('://generativelanguage.googleapis.com/')) {
    return undefined;
  }
  const type = typeOf(mimeType);
  if (type === undefined) return undefined;
  return { type, source: { kind: 'url', url }, ...media(type, displayName, { ...others, mimeType }) };
}

/** The types of files by the end of their names, as far as Gemini takes them (https://ai.google.dev/gemini-api/docs/file-input-methods). */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  wav: 'audio/wav',
  mp3: 'audio/mp3',
};

function guessType(url: string): string | undefined {
  const ending = /\.(\w+)(?:[?#].*)?$/.exec(url)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
}

/** The part's bytes as JSON; undefined, once that is said, where this dialect has no such source. */
export function encodeMedia(part: MediaPart, at: Writing): JsonObject | undefined {
  const kept = note(part.rest, '$source') as JsonObject | undefined;
  const title = part.type === 'document' ? { displayName: titleOf(part.title, at) } : {};
  const { source } = part;
  switch (source.kind) {
    case 'base64':
      return { inlineData: restore(compact({ mimeType: source.mediaType, data: source.data, ...title }), kept) };
    case 'text': {
      const data = Buffer.from(source.text).toString('base64');
      return { inlineData: compact({ mimeType: source.mediaType, data, ...title }) };
    }
    case 'url': {
      const known = compact({ fileUri: source.url, ...title });
      return { fileData: restore(known, kept ?? compact({ mimeType: guessType(source.url) })) };
    }
    default:
      at.unsupported(`This dialect has no ${part.type} of this kind: send its bytes or its URL.`);
      return undefined;
  }
}

/** The Gemini API itself takes no names: only what was read here is written again. */
function titleOf(title: string | undefined, at: Writing): string | undefined {
  if (title === undefined || at.own) return title;
  at.at('title').warn('This dialect has no titles of documents.');
  return undefined;
}
