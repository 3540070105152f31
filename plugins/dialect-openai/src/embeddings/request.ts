/** Requests for embeddings: `{model, input, encoding_format, dimensions, user}`. */
import type {
  DecodeContext,
  EmbeddingFormat,
  EmbeddingInput,
  EmbeddingPart,
  EmbeddingPurpose,
  EmbeddingsRequest,
  EncodeContext,
  JsonObject,
} from '@gatewright/core';
import { badRequest, wrongType } from '../fault.ts';
import { isObject, isTokens, type Writable } from '../json-value.ts';
import { modelOf } from '../plain-codec.ts';
import { Reader } from '../reader.ts';
import { addOwnFields, ownFields, refuseForeign } from '../rest.ts';
import { EMBEDDINGS } from './dialect-id.ts';

/** The note that the one input came alone, not in an array. */
const ALONE = '$alone';

const FORMATS: readonly EmbeddingFormat[] = ['float', 'base64'];

/** The words of servers that embed questions and documents differently: NVIDIA's, Voyage's and Cohere's. */
const PURPOSES: ReadonlyMap<string, EmbeddingPurpose> = new Map([
  ['query', 'query'],
  ['search_query', 'query'],
  ['document', 'document'],
  ['passage', 'document'],
  ['search_document', 'document'],
  ['classification', 'classification'],
  ['clustering', 'clustering'],
]);

/** The neutral form of a request. Throws `GW_BAD_REQUEST` with the path of what is wrong in `param`. */
export function decodeRequest(body: JsonObject, context?: DecodeContext): EmbeddingsRequest {
  const reader = new Reader(body, '', badRequest);
  const input = reader.take('input');
  const request: Writable<EmbeddingsRequest> = { model: modelOf(reader, context), inputs: inputsOf(input) };
  const dimensions = reader.integer('dimensions', 1);
  if (dimensions !== undefined) request.dimensions = dimensions;
  const format = reader.string('encoding_format');
  if (format !== undefined) request.formats = [formatOf(format)];
  const user = reader.string('user');
  if (user !== undefined) request.endUser = user;
  const fields = reader.unknown();
  // A field of servers like this, and of no other dialect's: told to the others as what it means.
  const purpose = PURPOSES.get(String(fields['input_type']));
  if (purpose !== undefined) {
    request.purpose = purpose;
    fields['$inputType'] = fields['input_type'];
    delete fields['input_type'];
  }
  if (!Array.isArray(input) || isTokens(input)) fields[ALONE] = true;
  // A rest is always there: it says that the request came in this dialect.
  request.rest = { dialect: EMBEDDINGS, fields };
  return request;
}

function formatOf(format: string): EmbeddingFormat {
  const known = FORMATS.find((one) => one === format);
  if (known !== undefined) return known;
  throw badRequest('encoding_format', `must be one of ${FORMATS.join(' and ')}, not ${JSON.stringify(format)}`);
}

function inputsOf(input: unknown): EmbeddingInput[] {
  if (!Array.isArray(input) || isTokens(input)) return [inputOf(input, 'input')];
  if (input.length > 0) return input.map((item, index) => inputOf(item, `input[${index}]`));
  throw badRequest('input', 'must have something to embed, and is an empty array');
}

function inputOf(value: unknown, path: string): EmbeddingInput {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (isTokens(value)) return { kind: 'tokens', tokens: value };
  if (isObject(value)) return { kind: 'parts', parts: [partOf(value)] };
  throw wrongType(badRequest, path, 'a string, an array of strings, or an array of token ids', value);
}

/** Servers that embed more than text take objects: Jina's `{text}` and `{image}`. */
function partOf(value: JsonObject): EmbeddingPart {
  const { text } = value;
  if (typeof text === 'string' && Object.keys(value).length === 1) return { type: 'text', text };
  return { type: 'opaque', dialect: EMBEDDINGS, value };
}

/** The body of a request. */
export function encodeRequest(request: EmbeddingsRequest, context: EncodeContext): JsonObject {
  const notes = ownFields(request.rest, EMBEDDINGS);
  const inputs = request.inputs.map((input, index) => encodeInput(input, `input[${index}]`, context));
  const alone = notes[ALONE] === true && inputs.length === 1;
  const body: JsonObject = { model: context.model, input: alone ? inputs[0] : inputs };
  if (request.dimensions !== undefined) body['dimensions'] = request.dimensions;
  const format = askedFormat(request, context);
  if (format !== undefined) body['encoding_format'] = format;
  if (request.endUser !== undefined) body['user'] = request.endUser;
  writePurpose(request, notes['$inputType'], body, context);
  if (request.truncate !== undefined && request.truncate !== 'none') {
    context.unsupported('truncate', 'an input that is too long is refused here, not cut');
  }
  if (request.title !== undefined) context.warn('title', 'the API has no place for the title of a document');
  refuseForeign(request.rest, '', context, EMBEDDINGS);
  addOwnFields(body, request.rest, EMBEDDINGS);
  return body;
}

function writePurpose({ purpose }: EmbeddingsRequest, asSent: unknown, body: JsonObject, context: EncodeContext): void {
  if (purpose === undefined) return;
  if (asSent !== undefined) body['input_type'] = asSent;
  else context.warn('input_type', 'the API embeds all texts alike, whatever they are for');
}

/** Other dialects' clients may want several formats: of floats, the gateway makes base64 itself. */
function askedFormat({ formats = [], rest }: EmbeddingsRequest, context: EncodeContext): string | undefined {
  const quantised = formats.find((format) => !FORMATS.includes(format));
  if (quantised !== undefined) context.unsupported('embedding_types', `there are no vectors of ${quantised} values`);
  return rest?.dialect === EMBEDDINGS ? formats[0] : undefined;
}

function encodeInput(input: EmbeddingInput, path: string, context: EncodeContext): unknown {
  switch (input.kind) {
    case 'text':
      return input.text;
    case 'tokens':
      return input.tokens;
    case 'parts': {
      const [part] = input.parts;
      if (part?.type === 'opaque' && part.dialect === EMBEDDINGS) return part.value;
      const media = input.parts.find((one) => one.type !== 'text');
      if (media !== undefined)
        context.unsupported(path, `only text can be embedded, not a part of the type ${media.type}`);
      return input.parts.map((one) => (one.type === 'text' ? one.text : '')).join('');
    }
  }
}
