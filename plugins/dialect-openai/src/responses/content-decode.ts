/** Reads content: a string, or the content parts of a message, an answer or a tool's output. */
import type { CacheMark, JsonObject, Part, Source, TextPart } from '@gatewright/core';
import { CACHE } from '../content-encode.ts';
import { wrongType, type Fault } from '../fault.ts';
import { isObject, isVoid, type Writable } from '../json-value.ts';
import { fileMediaType, sourceOfUrl } from '../media.ts';
import { Reader } from '../reader.ts';
import { RESPONSES } from './dialect-id.ts';
import { CONTENT, restOf } from './rest.ts';

/** The parts of content. An empty string is no part at all; so is null. */
export function decodeContent(content: unknown, path: string, fault: Fault): Part[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongType(fault, path, 'a string or an array of content parts', content);
  return content.map((item, index) => decodeContentPart(item, `${path}[${index}]`, fault));
}

type WritablePart = Writable<Part> & { cache?: CacheMark };

/** The part of one content part. What no other dialect has is kept whole. */
export function decodeContentPart(value: unknown, path: string, fault: Fault): Part {
  if (!isObject(value)) throw wrongType(fault, path, 'a content part', value);
  const bare = bareText(value);
  if (bare !== undefined) return { type: 'text', text: bare };
  const reader = new Reader(value, path, fault);
  const part = readPart(reader.requiredString('type'), reader);
  if (part === undefined) return opaque(value);
  const fields: JsonObject = {};
  const mark = reader.take('prompt_cache_breakpoint');
  if (mark !== undefined) {
    part.cache = {};
    fields[CACHE] = mark;
  }
  Object.assign(fields, reader.unknown());
  const rest = restOf(fields);
  if (rest !== undefined) part.rest = rest;
  return part;
}

/** The text of a part that is nothing else, as most are: reading them so takes half the time. */
function bareText(value: JsonObject): string | undefined {
  const { type, text } = value;
  if (typeof text !== 'string' || (type !== 'input_text' && type !== 'output_text')) return undefined;
  for (const key of Object.keys(value)) {
    if (key === 'type' || key === 'text') continue;
    if ((key !== 'annotations' && key !== 'logprobs') || !Array.isArray(value[key]) || value[key].length > 0)
      return undefined;
  }
  return text;
}

function opaque(value: JsonObject): Part {
  const part = { type: 'opaque' as const, dialect: RESPONSES, value };
  const rest = restOf({ [CONTENT]: true });
  return rest === undefined ? part : { ...part, rest };
}

function readPart(type: string, reader: Reader): WritablePart | undefined {
  switch (type) {
    case 'input_text':
    case 'text':
      return { type: 'text', text: reader.requiredString('text') };
    case 'output_text':
      return readOutputText(reader);
    case 'refusal':
      return { type: 'refusal', text: reader.requiredString('refusal') };
    case 'input_image':
      return readImage(reader);
    case 'input_file':
      return readFile(reader);
    default:
      return undefined;
  }
}

/** Log probabilities are those of the answer; here they are kept as they were spelled. */
function readOutputText(reader: Reader): Writable<TextPart> {
  const part: Writable<TextPart> = { type: 'text', text: reader.requiredString('text') };
  const items = reader.array('annotations');
  if (items !== undefined && items.length > 0) part.citations = { dialect: RESPONSES, items };
  reader.take('logprobs');
  return part;
}

function readImage(reader: Reader): WritablePart | undefined {
  const url = reader.string('image_url');
  const id = reader.string('file_id');
  const detail = reader.string('detail');
  if ((url === undefined) === (id === undefined)) return undefined;
  const source: Source = url === undefined ? fileOf(id as string) : sourceOfUrl(url);
  // `auto` is what the API does without being asked.
  return { type: 'image', source, ...(detail === undefined || detail === 'auto' ? {} : { detail }) };
}

const fileOf = (id: string): Source => ({ kind: 'file', id, origin: RESPONSES });

/** Exactly one of data, URL and id says where a file is; anything else is the provider's to judge. */
function readFile(reader: Reader): WritablePart | undefined {
  const title = reader.string('filename');
  const data = reader.string('file_data');
  const url = reader.string('file_url');
  const id = reader.string('file_id');
  if ([data, url, id].filter((one) => !isVoid(one)).length !== 1) return undefined;
  const named = title === undefined ? {} : { title };
  if (url !== undefined) return { type: 'document', source: { kind: 'url', url }, ...named };
  if (id !== undefined) return { type: 'document', source: fileOf(id), ...named };
  return { type: 'document', source: sourceOfData(data as string, title), ...named };
}

/** File data is a data URL; bare base64 is taken too. */
function sourceOfData(data: string, name: string | undefined): Source {
  const source = sourceOfUrl(data);
  return source.kind === 'url' ? { kind: 'base64', mediaType: fileMediaType(name), data } : source;
}
