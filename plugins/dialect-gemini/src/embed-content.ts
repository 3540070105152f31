/** What one vector is made of: a `Content`, and the neutral input that it stands for. */
import type { EmbeddingInput, EmbeddingPart, EncodeContext, JsonObject } from '@gatewright/core';
import { decodeFile, decodeInline } from './media.ts';
import { EMBED } from './names.ts';
import type { Reading } from './reading.ts';

/** The neutral input of a content: a text alone, or parts. */
export function decodeContent(value: unknown, at: Reading): EmbeddingInput {
  // The API takes a text where a content should be; the SDK makes one of it.
  if (typeof value === 'string') return { kind: 'text', text: value };
  const { parts } = at.fields(value);
  const list = at.at('parts').list(parts);
  const read = list.map((part, index) => decodePart(part, at.at('parts').at(index)));
  const [first] = read;
  if (first === undefined) throw at.at('parts').fail('must have something to embed');
  return read.length === 1 && first.type === 'text'
    ? { kind: 'text', text: first.text }
    : { kind: 'parts', parts: read };
}

function decodePart(value: unknown, at: Reading): EmbeddingPart {
  const part = at.fields(value);
  const { text, inlineData, fileData } = part;
  if (text !== undefined) return { type: 'text', text: at.at('text').string(text) };
  const media =
    inlineData === undefined
      ? fileData === undefined
        ? undefined
        : decodeFile(fileData, at.at('fileData'))
      : decodeInline(inlineData, at.at('inlineData'));
  if (media === undefined) return { type: 'opaque', dialect: EMBED, value: part };
  return { type: media.type, source: media.source };
}

/** The content for an input. */
export function encodeContent(input: EmbeddingInput, path: string, context: EncodeContext): JsonObject {
  switch (input.kind) {
    case 'text':
      return { parts: [{ text: input.text }] };
    case 'tokens':
      context.unsupported(path, 'text is needed here: token ids mean nothing to another model');
      return { parts: [{ text: '' }] };
    case 'parts': {
      const parts = input.parts.map((part, index) => encodePart(part, `${path}[${index}]`, context));
      return { parts: parts.filter((part) => part !== undefined) };
    }
  }
}

function encodePart(part: EmbeddingPart, path: string, context: EncodeContext): JsonObject | undefined {
  if (part.type === 'text') return { text: part.text };
  if (part.type === 'opaque') {
    if (part.dialect === EMBED) return part.value;
  } else if (part.source.kind === 'base64') {
    return { inlineData: { mimeType: part.source.mediaType, data: part.source.data } };
  } else if (part.source.kind === 'url') return { fileData: { fileUri: part.source.url } };
  context.unsupported(path, `a ${part.type} of this kind cannot be embedded here`);
  return undefined;
}
