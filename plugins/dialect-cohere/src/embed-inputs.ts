/** What is to be embedded: `texts`, `images` or `inputs`. */
import type { EmbeddingInput, EmbeddingPart, JsonObject } from '@gatewright/core';
import { imageOf } from './content-reader.ts';
import { imageUrl } from './content-writer.ts';
import { EMBED, isOwn } from './names.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { embedKeeper, omit } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** The fields that inputs may stand in; a request has one of them. */
export const FIELDS = ['texts', 'images', 'inputs'] as const;
export type Field = (typeof FIELDS)[number];

export interface DecodedInputs {
  readonly field: Field;
  readonly inputs: readonly EmbeddingInput[];
}

export function decodeInputs(body: JsonObject, at: Reading): DecodedInputs {
  const [field, ...others] = FIELDS.filter((name) => !isMissing(body[name]));
  if (field === undefined) throw at.at('texts').fail('is missing; it must be a list of strings');
  if (others.length > 0) throw at.at(others[0] as string).fail(`cannot stand beside "${field}"`);
  const place = at.at(field);
  const inputs = place.list(body[field]).map((value, index) => decodeInput(value, field, place.at(index)));
  return { field, inputs };
}

function decodeInput(value: unknown, field: Field, at: Reading): EmbeddingInput {
  if (field === 'texts') return { kind: 'text', text: at.string(value) };
  if (field === 'images') return { kind: 'parts', parts: [imageOf(at.string(value))] };
  const input = at.object(value);
  const { content } = input;
  const place = at.at('content');
  // What nobody knows makes the input one that only this dialect can say.
  if (Object.keys(input).length > 1) {
    place.list(content);
    return { kind: 'parts', parts: [{ type: 'opaque', dialect: EMBED, value: input }] };
  }
  return { kind: 'parts', parts: place.list(content).map((block, index) => decodeBlock(block, place.at(index))) };
}

function decodeBlock(value: unknown, at: Reading): EmbeddingPart {
  const block = at.object(value);
  const { type, image_url: image } = block;
  if (type === 'text') {
    const rest = embedKeeper.withRest(block, omit(block, 'type', 'text'));
    return { type, text: at.at('text').string(block['text']), ...rest };
  }
  if (type === 'image_url' && isObject(image) && Object.keys(image).length === 1) {
    const url = at.at('image_url').at('url').string(image['url']);
    return { ...imageOf(url), ...embedKeeper.withRest(block, omit(block, 'type', 'image_url')) };
  }
  return { type: 'opaque', dialect: EMBED, value: block };
}

/** Inputs as the field that the hint names, or as the plainest one that can hold them all. */
export function encodeInputs(inputs: readonly EmbeddingInput[], field: unknown, at: Writing): JsonObject {
  const texts = inputs.map(textOf);
  if (field !== 'inputs' && texts.every((text) => text !== undefined)) return { texts };
  if (field !== 'inputs' && inputs.every(isImage)) {
    const urls = inputs.map((input, index) => encodeParts(input, at.at(index))[0]);
    return { images: urls.map((block) => (block?.['image_url'] as JsonObject | undefined)?.['url']) };
  }
  return { inputs: inputs.map((input, index) => encodeInput(input, at.at(index))) };
}

/** The text of an input that is nothing else. */
function textOf(input: EmbeddingInput): string | undefined {
  if (input.kind === 'text') return input.text;
  const only = input.kind === 'parts' && input.parts.length === 1 ? input.parts[0] : undefined;
  return only?.type === 'text' && only.rest === undefined ? only.text : undefined;
}

function isImage(input: EmbeddingInput): boolean {
  return input.kind === 'parts' && input.parts.length === 1 && input.parts[0]?.type === 'image';
}

function encodeInput(input: EmbeddingInput, at: Writing): JsonObject {
  const whole = input.kind === 'parts' ? input.parts[0] : undefined;
  if (whole?.type === 'opaque' && isOwn(whole.dialect) && 'content' in whole.value) return whole.value;
  return { content: encodeParts(input, at) };
}

function encodeParts(input: EmbeddingInput, at: Writing): JsonObject[] {
  switch (input.kind) {
    case 'text':
      return [{ type: 'text', text: input.text }];
    case 'tokens':
      at.unsupported('Inputs are text or images in this dialect, and not tokens.');
      return [{ type: 'text', text: '' }];
    case 'parts':
      return input.parts.map((part, index) => encodePart(part, at.at(index))).filter((block) => block !== undefined);
  }
}

function encodePart(part: EmbeddingPart, at: Writing): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return at.complete({ type: 'text', text: part.text }, part.rest);
    case 'image': {
      if (part.source.kind === 'url' && !at.own) at.unsupported('Images are data in this dialect, and not addresses.');
      const url = imageUrl(part, at);
      return url === undefined ? undefined : at.complete({ type: 'image_url', image_url: { url } }, part.rest);
    }
    case 'opaque':
      if (isOwn(part.dialect)) return part.value;
      at.unsupported(`Only the dialect ${part.dialect} has this part.`);
      return undefined;
    default:
      at.unsupported(`This dialect cannot embed a ${part.type}.`);
      return undefined;
  }
}
