/** Writes neutral parts as the content parts of a message. */
import type {
  AudioPart,
  DocumentPart,
  EncodeContext,
  ImagePart,
  JsonObject,
  OpaquePart,
  Part,
  ReasoningPart,
  Source,
} from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { audioFormat, dataUrl, fileName } from './media.ts';
import { addOwnFields, isSilent, ownFields, refuseForeign } from './rest.ts';
import { respellFrom } from './spelling.ts';

/** The note that holds the `prompt_cache_breakpoint` which a cache mark was read from. */
export const CACHE = '$cache';
/** The note of a part that stood in the content of a message where the API itself has no place for it. */
export const IN_CONTENT = '$inContent';
/** The note that holds a sound format which has no media type of its own. */
export const FORMAT = '$format';
/** The note of a document whose URL stood where its data does: some servers fetch it. */
export const FETCHED = '$fetched';
/** The note of an opaque part that is a tool call, not content. */
export const TOOL_CALL = '$toolCall';

/** The content parts that stand for a part; none where it cannot be expressed and the context let that pass. */
export function encodeContentPart(part: Part, path: string, context: EncodeContext): JsonObject[] {
  const written = writePart(part, path, context);
  refuseForeign(part.rest, path, context);
  if (written.length === 1 && written[0] !== undefined) finish(written[0], part, context);
  else if (part.cache !== undefined) warnOfCache(context);
  return written;
}

/** Says that a cache mark of another dialect is left out. */
export function warnOfCache(context: EncodeContext): void {
  context.warn('cache_control', 'prompts are cached by themselves here; marks of another dialect are left out');
}

function writePart(part: Part, path: string, context: EncodeContext): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image':
      return encodeImage(part, path, context);
    case 'document':
      return encodeDocument(part, path, context);
    case 'audio':
      return encodeAudio(part, path, context);
    case 'refusal':
      return [{ type: 'refusal', refusal: part.text }];
    case 'reasoning':
      return encodeThinking(part);
    case 'opaque':
      return encodeOpaque(part, path, context);
    case 'tool-call':
    case 'tool-result':
      context.unsupported(path, `a ${part.type} cannot stand in this message`);
      return [];
  }
}

/** Adds what this dialect left with the part, and writes it as it came. */
function finish(written: JsonObject, part: Part, context: EncodeContext): void {
  if (part.type === 'opaque') return;
  const breakpoint = ownFields(part.rest)[CACHE];
  if (part.cache !== undefined) {
    if (breakpoint === undefined) warnOfCache(context);
    else written['prompt_cache_breakpoint'] = breakpoint;
  }
  addOwnFields(written, part.rest);
  respellFrom(written, part.rest);
}

function encodeImage(part: ImagePart, path: string, context: EncodeContext): JsonObject[] {
  const { source } = part;
  let url: string;
  if (source.kind === 'url') url = source.url;
  else if (source.kind === 'base64') url = dataUrl(source.mediaType, source.data);
  else {
    context.unsupported(path, `an image can be given by URL or as data, not as ${describe(source)}`);
    return [];
  }
  const image: JsonObject = { url };
  if (part.detail !== undefined) image['detail'] = part.detail;
  return [{ type: 'image_url', image_url: image }];
}

/**
 * Documents: data and ids go into a `file` part. Plain text and documents made of parts become the text that they are,
 * under their title; what a document says of its own context precedes it as text.
 */
function encodeDocument(part: DocumentPart, path: string, context: EncodeContext): JsonObject[] {
  const { source, title } = part;
  const before: JsonObject[] = part.context === undefined ? [] : [text(part.context)];
  switch (source.kind) {
    case 'file':
      if (source.origin !== undefined && source.origin !== DIALECT) {
        context.unsupported(path, 'only the provider that a file was uploaded to knows its id');
        return [];
      }
      return [...before, { type: 'file', file: { ...named(title), file_id: source.id } }];
    case 'base64': {
      const file = { filename: title ?? fileName(source.mediaType), file_data: dataUrl(source.mediaType, source.data) };
      return [...before, { type: 'file', file }];
    }
    case 'text':
      return [...heading(title), ...before, text(source.text)];
    case 'parts':
      return [
        ...heading(title),
        ...before,
        ...source.parts.flatMap((inner, index) =>
          encodeContentPart(inner, `${path}.source.content[${index}]`, context),
        ),
      ];
    case 'url':
      if (ownFields(part.rest)[FETCHED] === true)
        return [{ type: 'file', file: { ...named(title), file_data: source.url } }];
      context.unsupported(path, 'a document can be given as data or as a file id, not by URL');
      return [];
  }
}

const text = (value: string): JsonObject => ({ type: 'text', text: value });

const named = (title: string | undefined): JsonObject => (title === undefined ? {} : { filename: title });

const heading = (title: string | undefined): JsonObject[] => (title === undefined ? [] : [text(title)]);

function encodeAudio(part: AudioPart, path: string, context: EncodeContext): JsonObject[] {
  const { source } = part;
  if (source.kind !== 'base64') {
    context.unsupported(path, `sound can be given as data, not as ${describe(source)}`);
    return [];
  }
  const format = audioFormat(source.mediaType) ?? ownFormat(part);
  if (format === undefined) {
    context.unsupported(path, `sound in the format ${source.mediaType} has no name here`);
    return [];
  }
  return [{ type: 'input_audio', input_audio: { data: source.data, format } }];
}

/** A format that this dialect's own client named; others are not guessed. */
function ownFormat(part: AudioPart): string | undefined {
  const format = ownFields(part.rest)[FORMAT];
  return typeof format === 'string' ? format : undefined;
}

function encodeThinking(part: ReasoningPart): JsonObject[] {
  return [{ type: 'thinking', thinking: [{ type: 'text', text: part.text }] }];
}

function encodeOpaque(part: OpaquePart, path: string, context: EncodeContext): JsonObject[] {
  if (part.dialect === DIALECT) return [{ ...part.value }];
  context.unsupported(
    path,
    `only ${part.dialect} has parts of the type ${JSON.stringify(part.value['type'] ?? 'unknown')}`,
  );
  return [];
}

function describe(source: Source): string {
  return { url: 'a URL', base64: 'data', text: 'text', file: 'a file id', parts: 'parts' }[source.kind];
}

/** The text of parts that are one bare text, as most are: it is the content. What it cites is not looked at. */
export function bareText(parts: readonly Part[], dialect: string = DIALECT): string | undefined {
  const [only] = parts;
  if (parts.length !== 1 || only?.type !== 'text') return undefined;
  return only.cache === undefined && isSilent(only.rest, dialect) ? only.text : undefined;
}

/** The content that stands for parts: a string where they are one bare text or nothing at all, otherwise content parts. */
export function encodeContent(parts: readonly Part[], path: string, context: EncodeContext): string | JsonObject[] {
  const bare = bareText(parts);
  if (bare !== undefined) return bare;
  const written = parts.flatMap((part, index) => encodeContentPart(part, `${path}[${index}]`, context));
  return asContent(written);
}

/**
 * The content of a message that takes text only, named by `where`. Other parts are refused, unless a client of this
 * dialect sent them in that place: some servers take them.
 */
export function encodeTextContent(
  parts: readonly Part[],
  path: string,
  where: string,
  context: EncodeContext,
): string | JsonObject[] {
  const bare = bareText(parts);
  if (bare !== undefined) return bare;
  const written = parts.flatMap((part, index) => {
    const at = `${path}[${index}]`;
    if (isTextual(part) || part.type === 'opaque' || ownFields(part.rest)[IN_CONTENT] === true) {
      return encodeContentPart(part, at, context);
    }
    context.unsupported(at, `${where} takes text only, not a part of the type ${part.type}`);
    return [];
  });
  return asContent(written);
}

function isTextual(part: Part): boolean {
  if (part.type !== 'document') return part.type === 'text';
  const { source } = part;
  return source.kind === 'text' || (source.kind === 'parts' && source.parts.every(isTextual));
}

/** Content parts, or the string that says the same. */
export function asContent(written: JsonObject[]): string | JsonObject[] {
  const [only] = written;
  if (only === undefined) return '';
  if (written.length > 1 || only['type'] !== 'text' || Object.keys(only).length !== 2) return written;
  return only['text'] as string;
}
