/** Answers with images: `{created, data: [{b64_json, url, revised_prompt}], usage}`. */
import {
  NO_USAGE,
  type EncodeContext,
  type GeneratedImage,
  type ImagesResponse,
  type JsonObject,
  type Summary,
  type Usage,
} from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { replyFault, wrongType } from '../fault.ts';
import { isObject, type Writable } from '../json-value.ts';
import { addOwnFields, refuseForeign, restOf, unknownFields } from '../rest.ts';
import { errorInside } from '../upstream-error.ts';
import { IMAGES } from './dialect-id.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

const badReply = replyFault('an answer with images');

const BODY_FIELDS: ReadonlySet<string> = new Set(['created', 'data', 'usage']);
const ITEM_FIELDS: ReadonlySet<string> = new Set(['b64_json', 'url', 'revised_prompt']);

/** The neutral form of an answer. Throws `GW_UPSTREAM_INVALID`. */
export function decodeResponse(body: JsonObject): ImagesResponse {
  const { data } = body;
  if (!Array.isArray(data)) throw wrongType(badReply, 'data', 'an array', data);
  const response: Writable<ImagesResponse> = {
    images: data.map(decodeImage),
    usage: usageOf(body['usage'], data.length),
    rest: { dialect: IMAGES, fields: unknownFields(body, BODY_FIELDS) },
  };
  if (typeof body['created'] === 'number') response.created = body['created'];
  return response;
}

function decodeImage(item: unknown, index: number): GeneratedImage {
  if (!isObject(item)) throw wrongType(badReply, `data[${index}]`, 'an object', item);
  const image: Writable<GeneratedImage> = {};
  const { b64_json: base64, url, revised_prompt: revised } = item;
  if (typeof base64 === 'string') image.base64 = base64;
  if (typeof url === 'string') image.url = url;
  if (typeof revised === 'string') image.revisedPrompt = revised;
  const rest = restOf(unknownFields(item, ITEM_FIELDS), IMAGES);
  if (rest !== undefined) image.rest = rest;
  return image;
}

/** The tokens where they are counted, else the images: that is what is billed then. */
function usageOf(block: unknown, images: number): Usage {
  return decodeUsage(block) ?? { ...NO_USAGE, units: { images } };
}

/** The body of an answer. */
export function encodeResponse(response: ImagesResponse, context: EncodeContext): JsonObject {
  const { images, usage, rest } = response;
  const body: JsonObject = {
    // Zero where the other dialect does not tell: the API wants a number.
    created: response.created ?? 0,
    data: images.map((image) => encodeImage(image)),
  };
  const block = usage === undefined ? undefined : encodeUsage(usage);
  if (block !== undefined) body['usage'] = block;
  refuseForeign(rest, '', context, IMAGES);
  addOwnFields(body, rest, IMAGES);
  return body;
}

function encodeImage({ url, base64, revisedPrompt, rest }: GeneratedImage): JsonObject {
  const item: JsonObject = {};
  if (base64 !== undefined) item['b64_json'] = base64;
  if (url !== undefined) item['url'] = url;
  if (revisedPrompt !== undefined) item['revised_prompt'] = revisedPrompt;
  addOwnFields(item, rest, IMAGES);
  return item;
}

export function summarize(body: Outline): Summary {
  const data = body.member('data');
  const error = body.has('error') || data === undefined ? errorInside(body.json()) : undefined;
  if (error !== undefined) return { error };
  if (data === undefined) return {};
  const counted = decodeUsage(body.value('usage'));
  if (counted !== undefined) return { usage: counted };
  const images = body.value('data');
  return { usage: usageOf(undefined, Array.isArray(images) ? images.length : 0) };
}
