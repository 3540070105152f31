/** Requests for images: `{model, prompt, n, size, quality, response_format, output_format, …}`. */
import type { DecodeContext, EncodeContext, ImagesRequest, JsonObject } from '@gatewright/core';
import { badRequest } from '../fault.ts';
import { textOf, type Writable } from '../json-value.ts';
import { modelOf } from '../plain-codec.ts';
import { Reader } from '../reader.ts';
import { addOwnFields, refuseForeign } from '../rest.ts';
import { IMAGES } from './dialect-id.ts';

/** What the API takes where a request names no model (https://platform.openai.com/docs/api-reference/images/create). */
export const DEFAULT_MODEL = 'dall-e-2';

const DELIVERIES = { url: 'url', b64_json: 'base64' } as const;

/** The neutral form of a request. Throws `GW_BAD_REQUEST` with the path of what is wrong in `param`. */
export function decodeRequest(body: JsonObject, context?: DecodeContext): ImagesRequest {
  const reader = new Reader(body, '', badRequest);
  const named = textOf(context?.model) ?? body['model'];
  const request: Writable<ImagesRequest> = {
    model: named === undefined || named === null ? DEFAULT_MODEL : modelOf(reader, context),
    prompt: reader.requiredString('prompt'),
    stream: reader.boolean('stream') === true,
  };
  const count = reader.integer('n', 1);
  if (count !== undefined) request.count = count;
  const size = reader.string('size');
  if (size !== undefined) request.size = size;
  const quality = reader.string('quality');
  if (quality !== undefined) request.quality = quality;
  const format = reader.string('output_format');
  if (format !== undefined) request.format = format;
  const user = reader.string('user');
  if (user !== undefined) request.endUser = user;
  const delivery = reader.string('response_format');
  if (delivery !== undefined) request.delivery = deliveryOf(delivery);
  // A rest is always there: it says that the request came in this dialect.
  request.rest = { dialect: IMAGES, fields: reader.unknown() };
  return request;
}

function deliveryOf(word: string): 'url' | 'base64' {
  if (Object.hasOwn(DELIVERIES, word)) return DELIVERIES[word as keyof typeof DELIVERIES];
  throw badRequest('response_format', `must be "url" or "b64_json", not ${JSON.stringify(word)}`);
}

/** The body of a request. */
export function encodeRequest(request: ImagesRequest, context: EncodeContext): JsonObject {
  const { count, size, quality, delivery, format, endUser, rest } = request;
  const body: JsonObject = { model: context.model, prompt: request.prompt };
  if (count !== undefined) body['n'] = count;
  if (size !== undefined) body['size'] = size;
  if (quality !== undefined) body['quality'] = quality;
  if (delivery !== undefined) body['response_format'] = delivery === 'url' ? 'url' : 'b64_json';
  if (format !== undefined) body['output_format'] = format;
  if (endUser !== undefined) body['user'] = endUser;
  if (request.stream) body['stream'] = true;
  refuseForeign(rest, '', context, IMAGES);
  addOwnFields(body, rest, IMAGES);
  return body;
}
