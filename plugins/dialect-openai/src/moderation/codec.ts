/** The codec of moderations: `{input, model}` and `{id, model, results: [{flagged, categories, category_scores}]}`. */
import {
  NO_USAGE,
  type Codec,
  type EncodeContext,
  type JsonObject,
  type ModerationInput,
  type ModerationRequest,
  type ModerationResponse,
  type ModerationResult,
} from '@gatewright/core';
import { badRequest, replyFault, wrongType } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { modelOf, plainCodec } from '../plain-codec.ts';
import { Reader } from '../reader.ts';
import { addOwnFields, ownFields, refuseForeign, restOf, unknownFields } from '../rest.ts';
import { errorInside } from '../upstream-error.ts';
import { MODERATION } from './dialect-id.ts';

/** What the API takes where a request names no model (https://platform.openai.com/docs/api-reference/moderations/create). */
const DEFAULT_MODEL = 'omni-moderation-latest';
/** The note that the one input came alone, not in an array. */
const ALONE = '$alone';

const badReply = replyFault('a moderation');
const BODY_FIELDS: ReadonlySet<string> = new Set(['id', 'model', 'results']);
const RESULT_FIELDS: ReadonlySet<string> = new Set(['flagged', 'categories', 'category_scores']);

function decodeInput(input: unknown): ModerationInput[] {
  if (typeof input === 'string') return [{ kind: 'text', text: input }];
  if (!Array.isArray(input) || input.length === 0) {
    throw wrongType(badRequest, 'input', 'a string, or an array of strings or of parts', input);
  }
  // Parts are of one thing that is judged as a whole; texts are judged one by one.
  if (input.every((item) => typeof item === 'string')) return input.map((text) => ({ kind: 'text', text }));
  return [{ kind: 'parts', parts: input.map((item, index) => decodePart(item, index)) }];
}

type ModerationPart = Extract<ModerationInput, { kind: 'parts' }>['parts'][number];

function decodePart(item: unknown, index: number): ModerationPart {
  if (!isObject(item)) throw wrongType(badRequest, `input[${index}]`, 'an object with a type', item);
  if (item['type'] === 'text' && typeof item['text'] === 'string') return { type: 'text', text: item['text'] };
  const image = item['image_url'];
  if (item['type'] === 'image_url' && isObject(image) && typeof image['url'] === 'string') {
    return { type: 'image', source: { kind: 'url', url: image['url'] } };
  }
  return { type: 'opaque', dialect: MODERATION, value: item };
}

function encodePart(part: ModerationPart, path: string, context: EncodeContext): JsonObject | undefined {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'opaque' && part.dialect === MODERATION) return part.value;
  if (part.type === 'image' && (part.source.kind === 'url' || part.source.kind === 'base64')) {
    const { source } = part;
    const url = source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
    return { type: 'image_url', image_url: { url } };
  }
  context.unsupported(path, `a ${part.type} of this kind cannot be judged`);
  return undefined;
}

function encodeInputs(inputs: readonly ModerationInput[], alone: boolean, context: EncodeContext): unknown {
  const [first] = inputs;
  if (inputs.length === 1 && first?.kind === 'text') return alone ? first.text : [first.text];
  if (inputs.length === 1 && first?.kind === 'parts') {
    const parts = first.parts.map((part, index) => encodePart(part, `input[${index}]`, context));
    return parts.filter((part) => part !== undefined);
  }
  return inputs.map((input, index) => {
    if (input.kind === 'text') return input.text;
    context.unsupported(`input[${index}]`, 'parts can be judged as one input only');
    return input.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  });
}

function decodeResult(value: unknown, index: number): ModerationResult {
  const reader = new Reader(isObject(value) ? value : {}, `results[${index}]`, badReply);
  const rest = restOf(unknownFields(reader.value, RESULT_FIELDS), MODERATION);
  return {
    flagged: reader.boolean('flagged') === true,
    categories: reader.requiredObject('categories') as Record<string, boolean>,
    scores: (reader.object('category_scores') ?? {}) as Record<string, number>,
    ...(rest === undefined ? {} : { rest }),
  };
}

export const moderationCodec: Codec<'moderation'> = {
  ...plainCodec,
  readHead: (body) => ({ model: textOf(body.value('model')) ?? DEFAULT_MODEL, stream: false }),
  decodeRequest(body, context): ModerationRequest {
    const reader = new Reader(body, '', badRequest);
    const input = reader.take('input');
    const model =
      body['model'] === undefined && (context.model ?? '') === '' ? DEFAULT_MODEL : modelOf(reader, context);
    const fields = reader.unknown();
    if (typeof input === 'string') fields[ALONE] = true;
    return { model, inputs: decodeInput(input), rest: { dialect: MODERATION, fields } };
  },
  encodeRequest({ inputs, rest }, context): JsonObject {
    const alone = ownFields(rest, MODERATION)[ALONE] === true || rest === undefined;
    const body: JsonObject = { model: context.model, input: encodeInputs(inputs, alone, context) };
    refuseForeign(rest, '', context, MODERATION);
    addOwnFields(body, rest, MODERATION);
    return body;
  },
  decodeResponse(body): ModerationResponse {
    const { results } = body;
    if (!Array.isArray(results)) throw wrongType(badReply, 'results', 'an array', results);
    return {
      id: textOf(body['id']) ?? '',
      model: textOf(body['model']) ?? '',
      results: results.map(decodeResult),
      rest: { dialect: MODERATION, fields: unknownFields(body, BODY_FIELDS) },
    };
  },
  encodeResponse({ id, results, rest }, context): JsonObject {
    const body: JsonObject = {
      id,
      model: context.model,
      results: results.map(({ flagged, categories, scores, rest: own }) => {
        const result: JsonObject = { flagged, categories, category_scores: scores };
        addOwnFields(result, own, MODERATION);
        return result;
      }),
    };
    refuseForeign(rest, '', context, MODERATION);
    addOwnFields(body, rest, MODERATION);
    return body;
  },
  summarize(body) {
    const json = body.json();
    const error = errorInside(json);
    // Nothing is billed, and nothing is counted.
    const summary: Writable<ReturnType<Codec['summarize']>> = { usage: NO_USAGE };
    const [id, model] = [textOf(json['id']), textOf(json['model'])];
    if (id !== undefined) summary.id = id;
    if (model !== undefined) summary.model = model;
    return error === undefined ? summary : { error };
  },
};
