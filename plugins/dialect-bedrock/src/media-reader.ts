/** Reads images, documents and sounds. */
import type { JsonObject, Part, Source } from '@gatewright/core';
import { formatOf, mediaTypeOf, type MediaKind } from './media.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { omit, withRest } from './rest.ts';

/** The bytes that a source holds, in base64; undefined where they are elsewhere. */
function bytesOf(inner: JsonObject, at: Reading): string | undefined {
  const source = at.at('source').object(inner['source']);
  if (Object.keys(source).length !== 1 || source['bytes'] === undefined) return undefined;
  return at.at('source').at('bytes').string(source['bytes']);
}

/** A hint where the media type does not lead back to the format. */
function formatHint(kind: MediaKind, format: string): JsonObject {
  return formatOf(kind, mediaTypeOf(kind, format)) === format ? {} : { $format: format };
}

/** Undefined where the image is not in the request itself: only this dialect can reach it. */
export function decodeImage(inner: JsonObject, at: Reading): Part | undefined {
  const data = bytesOf(inner, at);
  if (data === undefined) return undefined;
  const format = at.at('format').string(inner['format']);
  const source: Source = { kind: 'base64', mediaType: mediaTypeOf('image', format), data };
  return { type: 'image', source, ...withRest(inner, omit(inner, 'format', 'source'), formatHint('image', format)) };
}

export function decodeAudio(inner: JsonObject, at: Reading): Part | undefined {
  const data = bytesOf(inner, at);
  if (data === undefined) return undefined;
  const format = at.at('format').string(inner['format']);
  const source: Source = { kind: 'base64', mediaType: mediaTypeOf('audio', format), data };
  return { type: 'audio', source, ...withRest(inner, omit(inner, 'format', 'source'), formatHint('audio', format)) };
}

export function decodeDocument(
  inner: JsonObject,
  at: Reading,
  decodeParts: (value: unknown, at: Reading) => Part[],
): Part | undefined {
  const { context } = inner;
  const format = isMissing(inner['format']) ? undefined : at.at('format').string(inner['format']);
  const source = documentSource(inner, at, mediaTypeOf('document', format ?? 'txt'), decodeParts);
  if (source === undefined) return undefined;
  const hints = format === undefined ? { $absent: ['format'] } : formatHint('document', format);
  // A document in pieces has no media type to tell the format by.
  const kept = source.kind === 'parts' && format !== undefined ? { $format: format } : hints;
  return {
    type: 'document',
    source,
    title: at.at('name').string(inner['name']),
    ...(isMissing(context) ? {} : { context: at.at('context').string(context) }),
    ...withRest(inner, omit(inner, 'format', 'name', 'source', 'context'), kept),
  };
}

function documentSource(
  inner: JsonObject,
  at: Reading,
  mediaType: string,
  decodeParts: (value: unknown, at: Reading) => Part[],
): Source | undefined {
  const place = at.at('source');
  const { bytes, text, content, ...others } = place.object(inner['source']);
  const found = [bytes, text, content].filter((one) => one !== undefined).length;
  if (found !== 1 || !isObject(others) || Object.keys(others).length > 0) return undefined;
  if (bytes !== undefined) return { kind: 'base64', mediaType, data: place.at('bytes').string(bytes) };
  if (text !== undefined) return { kind: 'text', mediaType, text: place.at('text').string(text) };
  return { kind: 'parts', parts: decodeParts(content, place.at('content')) };
}
