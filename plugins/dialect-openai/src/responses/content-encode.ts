/** Writes neutral parts as the content of a message or of a tool's output. */
import type { DocumentPart, EncodeContext, ImagePart, JsonObject, Part, Source, TextPart } from '@gatewright/core';
import { bareText, CACHE, warnOfCache } from '../content-encode.ts';
import { DIALECT } from '../dialect-id.ts';
import { dataUrl, fileName } from '../media.ts';
import { citationFromChat } from '../sibling.ts';
import { RESPONSES } from './dialect-id.ts';
import { addOwnFields, CONTENT, MESSAGE_FIELDS, ownFields, refuseForeign } from './rest.ts';

/** Whose words they are: `input` is what a model is given, `output` what it said. */
export type Side = 'input' | 'output';

/** Whether a part is content of a message, and no item of its own. */
export function isContent(part: Part): boolean {
  if (part.type === 'opaque') return ownFields(part.rest)[CONTENT] === true;
  return part.type !== 'tool-call' && part.type !== 'tool-result' && part.type !== 'reasoning';
}

/** The content parts that stand for a part; none where it cannot be expressed and the context let that pass. */
export function encodeContentPart(part: Part, path: string, side: Side, context: EncodeContext): JsonObject[] {
  const written = writePart(part, path, side, context);
  refuseForeign(part.rest, path, context);
  const [only] = written;
  if (written.length === 1 && only !== undefined) finish(only, part, context);
  else if (part.cache !== undefined) warnOfCache(context);
  return written;
}

function writePart(part: Part, path: string, side: Side, context: EncodeContext): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [side === 'input' ? inputText(part.text) : outputText(part, context)];
    case 'refusal':
      return [{ type: 'refusal', refusal: part.text }];
    case 'image':
      return side === 'input' ? encodeImage(part, path, context) : misplaced(part, path, context);
    case 'document':
      return side === 'input' ? encodeDocument(part, path, context) : misplaced(part, path, context);
    case 'opaque':
      if (part.dialect === RESPONSES) return [{ ...part.value }];
      context.unsupported(
        path,
        `only ${part.dialect} has parts of the type ${JSON.stringify(part.value['type'] ?? 'unknown')}`,
      );
      return [];
    case 'audio':
      context.unsupported(path, 'there is no sound in this dialect');
      return [];
    default:
      return misplaced(part, path, context);
  }
}

function misplaced(part: Part, path: string, context: EncodeContext): JsonObject[] {
  context.unsupported(path, `a part of the type ${part.type} cannot stand in this message`);
  return [];
}

const inputText = (text: string): JsonObject => ({ type: 'input_text', text });

function outputText(part: TextPart, context: EncodeContext): JsonObject {
  return { type: 'output_text', text: part.text, annotations: annotationsOf(part, context), logprobs: [] };
}

function annotationsOf({ citations }: TextPart, context: EncodeContext): unknown[] {
  if (citations === undefined) return [];
  const items = citations.items.map((item) => annotationOf(citations.dialect, item));
  if (items.includes(undefined)) warnOfCitations(citations.dialect, context);
  return items.filter((item) => item !== undefined);
}

export function warnOfCitations(dialect: string, context: EncodeContext): void {
  context.warn('citations', `citations in the form of ${dialect} are left out`);
}

/** An annotation in the form of this dialect; undefined where it has none. */
export function annotationOf(dialect: string, item: unknown): unknown {
  return dialect === RESPONSES ? item : citationFromChat(dialect, item);
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
  // What is left of the whole message stands on its first part, and is no member of that.
  delete written[MESSAGE_FIELDS];
}

function encodeImage(part: ImagePart, path: string, context: EncodeContext): JsonObject[] {
  const { source } = part;
  const image: JsonObject = { type: 'input_image', detail: part.detail ?? 'auto' };
  if (source.kind === 'url') image['image_url'] = source.url;
  else if (source.kind === 'base64') image['image_url'] = dataUrl(source.mediaType, source.data);
  else if (source.kind === 'file') {
    if (!knowsFile(source, path, context)) return [];
    image['file_id'] = source.id;
  } else {
    context.unsupported(path, 'an image can be given by URL, as data or as a file id');
    return [];
  }
  return [image];
}

/** Both of the vendor's dialects mean the same files. */
function knowsFile(source: Extract<Source, { kind: 'file' }>, path: string, context: EncodeContext): boolean {
  const { origin } = source;
  if (origin === undefined || origin === RESPONSES || origin === DIALECT) return true;
  context.unsupported(path, 'only the provider that a file was uploaded to knows its id');
  return false;
}

/**
 * Documents are given by URL, as data or as a file id. Plain text and documents made of parts become the text that they
 * are, under their title; what a document says of its own context precedes it as text.
 */
function encodeDocument(part: DocumentPart, path: string, context: EncodeContext): JsonObject[] {
  const { source, title } = part;
  const before = part.context === undefined ? [] : [inputText(part.context)];
  const heading = title === undefined ? [] : [inputText(title)];
  const named: JsonObject = title === undefined ? {} : { filename: title };
  switch (source.kind) {
    case 'file':
      return knowsFile(source, path, context) ? [...before, { type: 'input_file', ...named, file_id: source.id }] : [];
    case 'url':
      return [...before, { type: 'input_file', ...named, file_url: source.url }];
    case 'base64': {
      const { mediaType, data } = source;
      const file = { type: 'input_file', filename: title ?? fileName(mediaType), file_data: dataUrl(mediaType, data) };
      return [...before, file];
    }
    case 'text':
      return [...heading, ...before, inputText(source.text)];
    case 'parts': {
      const at = (index: number): string => `${path}.source.content[${index}]`;
      const inner = source.parts.flatMap((one, index) => encodeContentPart(one, at(index), 'input', context));
      return [...heading, ...before, ...inner];
    }
  }
}

/** The content that stands for parts that a model is given: a string where they are one bare text or nothing at all. */
export function encodeInput(parts: readonly Part[], path: string, context: EncodeContext): string | JsonObject[] {
  const text = bareText(parts, RESPONSES);
  if (text !== undefined) return text;
  const written = parts.flatMap((part, index) => encodeContentPart(part, `${path}[${index}]`, 'input', context));
  const [only] = written;
  if (only === undefined) return '';
  const bare = written.length === 1 && only['type'] === 'input_text' && Object.keys(only).length === 2;
  return bare ? (only['text'] as string) : written;
}
