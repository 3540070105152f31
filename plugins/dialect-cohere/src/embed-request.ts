/** Requests for embeddings. */
import type { EmbeddingFormat, EmbeddingPurpose, EmbeddingsRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { decodeInputs, encodeInputs } from './embed-inputs.ts';
import { EMBED } from './names.ts';
import { isMissing, Reading } from './reading.ts';
import { compact, extra, hint, keeper, omit, restFields } from './rest.ts';
import { Writing } from '@gatewright/core/wire';

/** What the vectors are for, by the API's words (https://docs.cohere.com/reference/embed). */
export const INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering'] as const;
export type InputType = (typeof INPUT_TYPES)[number];

const PURPOSES: Readonly<Record<InputType, EmbeddingPurpose>> = {
  search_document: 'document',
  search_query: 'query',
  classification: 'classification',
  clustering: 'clustering',
};

const FORMATS: ReadonlySet<unknown> = new Set(['float', 'base64', 'int8', 'uint8', 'binary', 'ubinary']);
const CUTS: Readonly<Record<string, 'none' | 'start' | 'end'>> = { NONE: 'none', START: 'start', END: 'end' };

/** Throws `GW_BAD_REQUEST` with `param`. */
export function decodeEmbedRequest(body: JsonObject): EmbeddingsRequest {
  const at = Reading.request();
  const { field, inputs } = decodeInputs(body, at);
  const { input_type: type, embedding_types: types, output_dimension: dimensions, truncate, priority } = body;
  const known = ['model', field, 'output_dimension'];
  const purpose = typeof type === 'string' && Object.hasOwn(PURPOSES, type) ? PURPOSES[type as InputType] : undefined;
  // The word for images says no more than that they are images.
  if (purpose !== undefined || type === 'image') known.push('input_type');
  const formats =
    Array.isArray(types) && types.every((one) => FORMATS.has(one)) ? (types as EmbeddingFormat[]) : undefined;
  if (formats !== undefined) known.push('embedding_types');
  const cut = typeof truncate === 'string' && Object.hasOwn(CUTS, truncate) ? CUTS[truncate] : undefined;
  if (cut !== undefined) known.push('truncate');
  const needless = { ...(type === 'image' ? { input_type: type } : {}), ...(priority === 0 ? { priority } : {}) };
  const hints = { $inputs: field, $extra: extra(needless) };
  return {
    model: at.at('model').string(body['model']),
    inputs,
    ...(isMissing(dimensions) ? {} : { dimensions: at.at('output_dimension').count(dimensions) }),
    ...(formats === undefined ? {} : { formats }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(cut === undefined ? {} : { truncate: cut }),
    // Always there, also when empty: it says that the request was read in this dialect.
    rest: { dialect: EMBED, fields: restFields(body, omit(body, ...known, ...Object.keys(needless)), hints) },
  };
}

/** `defaultType`: what requests of other dialects are for that do not say it; the API demands it. */
export function encodeEmbedRequest(
  request: EmbeddingsRequest,
  context: EncodeContext,
  defaultType: InputType,
): JsonObject {
  const at = Writing.to('provider', request.rest, context, keeper);
  if (request.title !== undefined) at.at('title').unsupported('This dialect has no titles of documents.');
  if (request.endUser !== undefined) at.at('user').warn('This dialect does not tell users apart.');
  const inputs = encodeInputs(request.inputs, hint(request.rest, '$inputs'), at.at('input'));
  const known = compact({
    model: at.model,
    ...inputs,
    input_type: inputType(request, 'images' in inputs, defaultType, at),
    embedding_types: formats(request, at),
    output_dimension: request.dimensions,
    truncate: request.truncate?.toUpperCase(),
  });
  return at.complete(known, request.rest);
}

function inputType(
  { purpose }: EmbeddingsRequest,
  images: boolean,
  defaultType: InputType,
  at: Writing,
): string | undefined {
  const word = INPUT_TYPES.find((type) => PURPOSES[type] === purpose);
  if (word !== undefined || at.own) return word;
  if (purpose !== undefined) at.at('purpose').unsupported(`This dialect has no embeddings for "${purpose}".`);
  return images ? 'image' : defaultType;
}

/** Base64 says the same as numbers, and not every model gives it: numbers are asked for, and written as it for the client. */
function formats({ formats }: EmbeddingsRequest, at: Writing): readonly EmbeddingFormat[] | undefined {
  if (at.own) return formats;
  return [...new Set((formats ?? ['float']).map((format) => (format === 'base64' ? 'float' : format)))];
}
