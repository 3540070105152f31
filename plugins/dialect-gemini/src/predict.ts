/**
 * The codec of Vertex AI's older embeddings: `{instances: [{content}]}`, answered with `{predictions: [{embeddings}]}`
 * (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api).
 */
import {
  NO_USAGE,
  type Codec,
  type Embedding,
  type EmbeddingInput,
  type EmbeddingsRequest,
  type EncodeContext,
  type JsonObject,
  type Summary,
  type Usage,
} from '@gatewright/core';
import { purposeOf, refuse, taskTypeOf } from './embed-request.ts';
import { bodyValues } from './embed-response.ts';
import { decodeError, encodeError, errorIn } from './error.ts';
import { PREDICT } from './names.ts';
import { isObject, Reading } from './reading.ts';
import { compact, omit } from './rest.ts';

/** The note that holds what else the instances said. */
const INSTANCES = '$instances';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function decodeRequest(body: JsonObject, { model = '' }: { readonly model?: string }): EmbeddingsRequest {
  const at = Reading.request();
  const { instances, parameters = {}, ...others } = at.fields(body);
  const list = at.at('instances').list(instances);
  const read = list.map((value, index) => {
    const place = at.at('instances').at(index);
    const { content, ...rest } = place.fields(value);
    return { text: place.at('content').string(content), rest };
  });
  if (read.length === 0) throw at.at('instances').fail('must have something to embed');
  const { outputDimensionality, autoTruncate, ...settings } = at.at('parameters').fields(parameters);
  const request: Writable<EmbeddingsRequest> = { model, inputs: read.map(({ text }) => ({ kind: 'text', text })) };
  const fields: JsonObject = { ...others, ...settings, [INSTANCES]: read.map(({ rest }) => rest) };
  const [first] = read;
  const { taskType, title } = first?.rest ?? {};
  const alike = read.every(({ rest }) => rest['taskType'] === taskType && rest['title'] === title);
  const purpose = purposeOf(taskType);
  if (alike && purpose !== undefined) request.purpose = purpose;
  if (alike && typeof title === 'string') request.title = title;
  // Only this dialect can say what differs from text to text.
  if (!alike) fields['instances'] = read.map(({ rest }) => rest);
  if (outputDimensionality !== undefined) {
    request.dimensions = at.at('parameters').at('outputDimensionality').integer(outputDimensionality, 1);
  }
  if (autoTruncate !== undefined) {
    request.truncate = at.at('parameters').at('autoTruncate').boolean(autoTruncate) ? 'end' : 'none';
  }
  request.rest = { dialect: PREDICT, fields };
  return request;
}

function encodeRequest(request: EmbeddingsRequest, context: EncodeContext): JsonObject {
  const own = request.rest?.dialect === PREDICT ? request.rest.fields : {};
  refuse(request, context, PREDICT);
  const kept = (own[INSTANCES] ?? []) as readonly JsonObject[];
  const settings = compact({
    task_type: request.purpose === undefined ? undefined : taskTypeOf(request.purpose),
    title: request.title,
  });
  const instances = request.inputs.map((input, index) => {
    const content = textOf(input, `input[${index}]`, context);
    return { content, ...(kept[index] === undefined ? settings : snake(kept[index])) };
  });
  const parameters = compact({
    outputDimensionality: request.dimensions,
    autoTruncate: request.truncate === undefined ? undefined : request.truncate !== 'none',
  });
  return {
    instances,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    ...omit(own, INSTANCES, 'instances'),
  };
}

/** This one name is in snake case in the API's own documentation; what was read is written like it. */
function snake({ taskType, ...others }: JsonObject): JsonObject {
  return taskType === undefined ? others : { task_type: taskType, ...others };
}

function textOf(input: EmbeddingInput, path: string, context: EncodeContext): string {
  if (input.kind === 'text') return input.text;
  const parts = input.kind === 'parts' ? input.parts : [];
  if (parts.length === 0 || parts.some((part) => part.type !== 'text')) {
    context.unsupported(path, 'only text can be embedded here');
  }
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function predictionsOf(body: JsonObject): { readonly list: readonly unknown[]; readonly at: Reading } {
  const at = Reading.reply().at('predictions');
  return { list: at.list(body['predictions']), at };
}

function decodeEmbedding(value: unknown, at: Reading): Embedding {
  const { embeddings, ...others } = at.fields(value);
  const { values, ...inner } = at.at('embeddings').fields(embeddings);
  if (!Array.isArray(values)) throw at.at('embeddings').at('values').fail('must be a list of numbers');
  return { float: values as number[], rest: { dialect: PREDICT, fields: { $inner: inner, ...others } } };
}

function encodeEmbedding(embedding: Embedding): JsonObject {
  const own = embedding.rest?.dialect === PREDICT ? embedding.rest.fields : {};
  const inner = (own['$inner'] ?? {}) as JsonObject;
  return { embeddings: { ...inner, values: bodyValues(embedding) }, ...omit(own, '$inner') };
}

/** The tokens of all texts together; undefined where none tells its own. */
function usageOf(predictions: readonly unknown[]): Usage | undefined {
  let input: number | undefined;
  for (const one of predictions) {
    const embeddings = isObject(one) ? one['embeddings'] : undefined;
    const statistics = isObject(embeddings) ? embeddings['statistics'] : undefined;
    const count = isObject(statistics) ? (statistics['token_count'] ?? statistics['tokenCount']) : undefined;
    if (typeof count === 'number' && count >= 0) input = (input ?? 0) + count;
  }
  return input === undefined ? undefined : { ...NO_USAGE, input };
}

export const predictCodec: Codec<'embeddings'> = {
  decodeRequest,
  encodeRequest,
  decodeResponse(body) {
    const { list, at } = predictionsOf(body);
    const usage = usageOf(list);
    return {
      id: '',
      model: '',
      embeddings: list.map((one, index) => decodeEmbedding(one, at.at(index))),
      ...(usage === undefined ? {} : { usage }),
      rest: { dialect: PREDICT, fields: omit(body, 'predictions') },
    };
  },
  encodeResponse: ({ embeddings, rest }) => ({
    predictions: embeddings.map(encodeEmbedding),
    ...(rest?.dialect === PREDICT ? rest.fields : {}),
  }),
  // The model stands in the path alone.
  readHead: () => ({ stream: false }),
  editRequest: () => ({ edits: [], usageInjected: false }),
  editResponse: () => [],
  summarize(body): Summary {
    if (body.has('error')) {
      const error = errorIn({ error: body.value('error') });
      return { error: error ?? { status: 500, message: 'The provider answered with an error and no message.' } };
    }
    const predictions = body.value('predictions');
    const usage = Array.isArray(predictions) ? usageOf(predictions as unknown[]) : undefined;
    return usage === undefined ? {} : { usage };
  },
  decodeError,
  encodeError,
};
