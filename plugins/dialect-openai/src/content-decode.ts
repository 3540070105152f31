/** Reads the content of a message: a string, or content parts. */
import type {
  AudioPart,
  CacheMark,
  DocumentPart,
  ImagePart,
  JsonObject,
  OpaquePart,
  Part,
  ReasoningPart,
  Rest,
  Source,
} from '@gatewright/core';
import { CACHE, encodeContentPart, FETCHED, FORMAT, IN_CONTENT } from './content-encode.ts';
import { DIALECT } from './dialect-id.ts';
import { wrongType, type Fault } from './fault.ts';
import { isObject, type Writable } from './json-value.ts';
import { audioFormat, audioMediaType, fileMediaType, sourceOfUrl } from './media.ts';
import { plainText } from './plain-forms.ts';
import { QUIET } from './quiet-context.ts';
import { Reader } from './reader.ts';
import { restOf } from './rest.ts';
import { SPELLED, spellingOf } from './spelling.ts';

/** The parts of a message's content. An empty string is no part at all; so is null. */
export function decodeContent(content: unknown, path: string, fault: Fault): Part[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongType(fault, path, 'a string or an array of content parts', content);
  return content.map((item, index) => plainText(item) ?? decodeContentPart(item, `${path}[${index}]`, fault));
}

/**
 * The parts of a message that takes text only, by the API. Some servers take images and files there too: such parts are
 * marked, so that they are written back where they stood.
 */
export function decodeTextContent(content: unknown, path: string, fault: Fault): Part[] {
  return decodeContent(content, path, fault).map(keepInContent);
}

function keepInContent(part: Part): Part {
  if (part.type !== 'image' && part.type !== 'document' && part.type !== 'audio') return part;
  return { ...part, rest: { dialect: DIALECT, fields: { ...part.rest?.fields, [IN_CONTENT]: true } } };
}

function decodeContentPart(value: unknown, path: string, fault: Fault): Part {
  if (!isObject(value)) throw wrongType(fault, path, 'a content part', value);
  const reader = new Reader(value, path, fault);
  const type = reader.requiredString('type');
  const part = readPart(type, reader);
  if (part.type === 'opaque') return part;
  const fields: JsonObject = { ...part.rest?.fields };
  const mark = reader.take('prompt_cache_breakpoint');
  if (mark !== undefined) {
    part.cache = {};
    fields[CACHE] = mark;
  }
  Object.assign(fields, reader.unknown());
  const rest = restOf(fields);
  if (rest !== undefined) part.rest = rest;
  const spelled = spellingOf(value, encodeContentPart(part, path, QUIET)[0] ?? {});
  if (spelled !== undefined) part.rest = { dialect: DIALECT, fields: { ...fields, [SPELLED]: spelled } };
  return part;
}

type WritablePart = Writable<Part> & { cache?: CacheMark };

function readPart(type: string, reader: Reader): WritablePart {
  switch (type) {
    case 'text':
      return { type: 'text', text: reader.requiredString('text') };
    case 'image_url':
      return readImage(reader);
    case 'file':
      return readFile(reader);
    case 'input_audio':
      return readAudio(reader);
    case 'refusal':
      return { type: 'refusal', text: reader.requiredString('refusal'), rest: inContent() };
    case 'thinking':
      return readThinking(reader);
    default:
      return opaque(reader);
  }
}

function opaque(reader: Reader): Writable<OpaquePart> {
  return { type: 'opaque', dialect: DIALECT, value: reader.value };
}

/** `image_url` is an object; some clients and servers also take the bare URL. */
function readImage(reader: Reader): Writable<ImagePart> {
  const bare = reader.take('image_url');
  if (typeof bare === 'string') return { type: 'image', source: sourceOfUrl(bare) };
  const image = new Reader(reader.requiredObject('image_url'), reader.at('image_url'), reader.fault);
  const part: Writable<ImagePart> = { type: 'image', source: sourceOfUrl(image.requiredString('url')) };
  const detail = image.string('detail');
  // `auto` is what the API does without being asked.
  if (detail !== undefined && detail !== 'auto') part.detail = detail;
  const unknown = image.unknown();
  if (Object.keys(unknown).length > 0) part.rest = { dialect: DIALECT, fields: { image_url: unknown } };
  return part;
}

function readFile(reader: Reader): Writable<DocumentPart> | Writable<OpaquePart> {
  const file = new Reader(reader.requiredObject('file'), reader.at('file'), reader.fault);
  const data = file.string('file_data');
  const id = file.string('file_id');
  const title = file.string('filename');
  // Anything else about a file is not understood here, and so kept whole.
  if ((data === undefined) === (id === undefined) || Object.keys(file.unknown()).length > 0) return opaque(reader);
  const source =
    data === undefined ? { kind: 'file' as const, id: id as string, origin: DIALECT } : fileSource(data, title);
  const part: Writable<DocumentPart> = { type: 'document', source };
  if (title !== undefined) part.title = title;
  if (source.kind === 'url') part.rest = { dialect: DIALECT, fields: { [FETCHED]: true } };
  return part;
}

/** File data is a data URL; bare base64 is taken too, and so is the URL that some servers fetch. */
function fileSource(data: string, name: string | undefined): Source {
  const source = sourceOfUrl(data);
  if (source.kind !== 'url' || /^https?:/.test(data)) return source;
  return { kind: 'base64', mediaType: fileMediaType(name), data };
}

function readAudio(reader: Reader): Writable<AudioPart> {
  const audio = new Reader(reader.requiredObject('input_audio'), reader.at('input_audio'), reader.fault);
  const format = audio.requiredString('format');
  const mediaType = audioMediaType(format);
  const part: Writable<AudioPart> = {
    type: 'audio',
    source: { kind: 'base64', mediaType, data: audio.requiredString('data') },
  };
  if (audioFormat(mediaType) !== format) part.rest = { dialect: DIALECT, fields: { [FORMAT]: format } };
  return part;
}

/** The reasoning of models that think in content parts: `{type:'thinking', thinking:[{type:'text', text}]}`. */
function readThinking(reader: Reader): Writable<ReasoningPart> | Writable<OpaquePart> {
  const pieces = reader.take('thinking');
  if (typeof pieces !== 'string' && !Array.isArray(pieces)) return opaque(reader);
  return {
    type: 'reasoning',
    text: thinkingText(pieces),
    origin: DIALECT,
    rest: inContent(),
  };
}

const inContent = (): Rest => ({ dialect: DIALECT, fields: { [IN_CONTENT]: true } });

/** The text of a `thinking` value: a string, or pieces of which only the text is read. */
export function thinkingText(pieces: unknown): string {
  if (typeof pieces === 'string') return pieces;
  if (!Array.isArray(pieces)) return '';
  return pieces.map((piece) => (isObject(piece) && typeof piece['text'] === 'string' ? piece['text'] : '')).join('');
}
