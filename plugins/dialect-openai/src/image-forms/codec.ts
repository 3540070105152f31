/** The codecs of image edits and variations: forms in; answers and streams as those of images that are made from a text. */
import {
  isFormFile,
  type Codec,
  type DecodeContext,
  type EncodeContext,
  type ImageEditRequest,
  type ImageVariationRequest,
  type JsonObject,
} from '@gatewright/core';
import { formCodec, modelOf } from '../forms/form-codec.ts';
import { FormReader } from '../forms/form-reader.ts';
import { decodeResponse, encodeResponse, summarize } from '../images/response.ts';
import { imageStream } from '../images/stream.ts';
import type { Writable } from '../json-value.ts';
import { addOwnFields, refuseForeign, restOf } from '../rest.ts';
import { IMAGE_EDITS, IMAGE_VARIATIONS } from './dialect-id.ts';
import { readSettings, writeSettings } from './settings.ts';

/** What the API takes where a request names no model (https://platform.openai.com/docs/api-reference/images). */
const DEFAULTS = { edit: 'gpt-image-1.5', variation: 'dall-e-2' } as const;

const headOr = (fallback: string): Codec['readHead'] => {
  return (body) => ({ model: fallback, ...formCodec.readHead(body) });
};

const shared = {
  ...formCodec,
  // No model stands in an answer.
  editResponse: () => [],
  decodeResponse,
  encodeResponse,
  summarize,
};

export const imageEditsCodec: Codec<'image-edit'> = {
  ...shared,
  readHead: headOr(DEFAULTS.edit),
  decodeRequest: decodeEdit,
  encodeRequest: encodeEdit,
  stream: imageStream('image_edit'),
};

export const imageVariationsCodec: Codec<'image-variation'> = {
  ...shared,
  readHead: headOr(DEFAULTS.variation),
  decodeRequest: decodeVariation,
  encodeRequest: encodeVariation,
};

/** Throws `GW_BAD_REQUEST` with the field in `param`. In JSON, images are named by addresses or ids: those stay in `rest`. */
function decodeEdit(fields: JsonObject, context?: DecodeContext): ImageEditRequest {
  const reader = new FormReader(fields);
  const request: Writable<ImageEditRequest> = {
    model: modelOf(reader, context, DEFAULTS.edit),
    prompt: reader.requiredText('prompt'),
    images: reader.files('image'),
    stream: reader.boolean('stream') === true,
    ...readSettings(reader),
  };
  if (isFormFile(fields['mask'])) request.mask = reader.requiredFile('mask');
  const rest = restOf(reader.unknown(), IMAGE_EDITS);
  if (rest !== undefined) request.rest = rest;
  return request;
}

function encodeEdit(request: ImageEditRequest, context: EncodeContext): JsonObject {
  const { prompt, images, mask, rest } = request;
  const fields: JsonObject = { model: context.model, prompt };
  writeSettings(fields, request);
  if (request.stream) fields['stream'] = true;
  refuseForeign(rest, '', context, IMAGE_EDITS);
  addOwnFields(fields, rest, IMAGE_EDITS);
  // One is a field of its own: servers of before there could be several know no other.
  if (images.length === 1) fields['image'] = images[0];
  else if (images.length > 1) fields['image[]'] = images;
  if (mask !== undefined) fields['mask'] = mask;
  return fields;
}

/** Throws `GW_BAD_REQUEST` with the field in `param`. */
function decodeVariation(fields: JsonObject, context?: DecodeContext): ImageVariationRequest {
  const reader = new FormReader(fields);
  const request: Writable<ImageVariationRequest> = {
    model: modelOf(reader, context, DEFAULTS.variation),
    image: reader.requiredFile('image'),
    stream: false,
    ...readSettings(reader),
  };
  const rest = restOf(reader.unknown(), IMAGE_VARIATIONS);
  if (rest !== undefined) request.rest = rest;
  return request;
}

function encodeVariation(request: ImageVariationRequest, context: EncodeContext): JsonObject {
  const { image, rest } = request;
  const fields: JsonObject = { model: context.model };
  writeSettings(fields, request);
  refuseForeign(rest, '', context, IMAGE_VARIATIONS);
  addOwnFields(fields, rest, IMAGE_VARIATIONS);
  fields['image'] = image;
  return fields;
}
