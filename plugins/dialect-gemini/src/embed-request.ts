/** Requests for embeddings: of one content, and of several, each a request of its own (https://ai.google.dev/api/embeddings). */
import type { DecodeContext, EmbeddingPurpose, EmbeddingsRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { decodeContent, encodeContent } from './embed-content.ts';
import { EMBED } from './names.ts';
import { Reading } from './reading.ts';
import { compact, omit } from './rest.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The note that holds the contents as they came, with what they were read as. */
const CONTENTS = '$contents';
/** The note that holds each request of a batch but its content and what the neutral form has. */
const ITEMS = '$items';

const PURPOSES: readonly (readonly [string, EmbeddingPurpose])[] = [
  ['RETRIEVAL_QUERY', 'query'],
  ['RETRIEVAL_DOCUMENT', 'document'],
  ['CLASSIFICATION', 'classification'],
  ['CLUSTERING', 'clustering'],
  ['SEMANTIC_SIMILARITY', 'similarity'],
  ['QUESTION_ANSWERING', 'question-answering'],
  ['FACT_VERIFICATION', 'fact-verification'],
  ['CODE_RETRIEVAL_QUERY', 'code-query'],
];

/** What the neutral form has of a request besides its content, and what it has not. */
interface Settings {
  readonly taskType?: unknown;
  readonly title?: unknown;
  readonly outputDimensionality?: unknown;
  readonly autoTruncate?: unknown;
  /** The settings stood in `embedContentConfig`. */
  readonly nested: boolean;
  readonly others: JsonObject;
}

export function decodeOne(body: JsonObject, context: DecodeContext): EmbeddingsRequest {
  return decode([body], [Reading.request()], context);
}

export function decodeBatch(body: JsonObject, context: DecodeContext): EmbeddingsRequest {
  const at = Reading.request();
  const { requests, ...others } = at.fields(body);
  const list = at.at('requests').list(requests);
  if (list.length === 0) throw at.at('requests').fail('must have something to embed');
  const request = decode(
    list,
    list.map((_one, index) => at.at('requests').at(index)),
    context,
  );
  return { ...request, rest: { dialect: EMBED, fields: { ...request.rest?.fields, ...others } } };
}

function decode(
  list: readonly unknown[],
  places: readonly Reading[],
  { model = '' }: DecodeContext,
): EmbeddingsRequest {
  const contents: unknown[] = [];
  const settings: Settings[] = [];
  const inputs = list.map((value, index) => {
    const at = places[index] as Reading;
    const item = at.fields(value);
    contents.push(item['content']);
    settings.push(settingsOf(item, at));
    return decodeContent(item['content'], at.at('content'));
  });
  const request: Writable<EmbeddingsRequest> = { model, inputs };
  const fields: JsonObject = {
    [CONTENTS]: contents,
    [ITEMS]: settings.map(({ others, nested }) => ({ others, nested })),
  };
  const at = places[0] as Reading;
  for (const others of settings.map((one) => one.others)) Object.assign(fields, omit(others, 'model'));
  const taskType = shared(settings, 'taskType', fields);
  const purpose = purposeOf(taskType);
  if (purpose !== undefined) request.purpose = purpose;
  else if (taskType !== undefined && taskType !== 'TASK_TYPE_UNSPECIFIED') fields['taskType'] = taskType;
  const size = shared(settings, 'outputDimensionality', fields);
  if (size !== undefined) request.dimensions = at.at('outputDimensionality').integer(size, 1);
  const title = shared(settings, 'title', fields);
  if (title !== undefined) request.title = at.at('title').string(title);
  const truncate = shared(settings, 'autoTruncate', fields);
  if (truncate !== undefined) request.truncate = at.at('autoTruncate').boolean(truncate) ? 'end' : 'none';
  // A rest is always there: it says that the request came in this dialect.
  request.rest = { dialect: EMBED, fields };
  return request;
}

/** The settings stand beside the content, or, in newer clients, in an object of their own. */
function settingsOf(item: JsonObject, at: Reading): Settings {
  const { content: _content, embedContentConfig, ...outer } = item;
  const nested = embedContentConfig !== undefined;
  const inner = nested ? at.at('embedContentConfig').fields(embedContentConfig) : {};
  const { taskType, title, outputDimensionality, autoTruncate, ...others } = { ...outer, ...inner };
  return { taskType, title, outputDimensionality, autoTruncate, nested, others };
}

/** A setting that all requests of a batch share. Where they differ, only this dialect can say so: it is kept as a field. */
function shared(
  settings: readonly Settings[],
  key: Exclude<keyof Settings, 'others' | 'nested'>,
  fields: JsonObject,
): unknown {
  const values = settings.map((one) => one[key]);
  if (values.every((value) => value === values[0])) return values[0];
  fields[key] = values;
  return undefined;
}

export function encodeOne(request: EmbeddingsRequest, context: EncodeContext): JsonObject {
  if (request.inputs.length !== 1) {
    context.unsupported('input', `one content is embedded at a time, and these are ${request.inputs.length}`);
  }
  return omit(itemsOf(request, context)[0] ?? {}, 'model');
}

export function encodeBatch(request: EmbeddingsRequest, context: EncodeContext): JsonObject {
  const requests = itemsOf(request, context);
  for (const one of requests) one['model'] = `models/${context.model}`;
  return { requests };
}

function itemsOf(request: EmbeddingsRequest, context: EncodeContext): JsonObject[] {
  const own = request.rest?.dialect === EMBED ? request.rest.fields : undefined;
  refuse(request, context);
  const contents = (own?.[CONTENTS] ?? []) as readonly unknown[];
  const items = (own?.[ITEMS] ?? []) as readonly { others: JsonObject; nested: boolean }[];
  return request.inputs.map((input, index) => {
    const { others = {}, nested = request.truncate === 'none' } = items[index] ?? {};
    const settings = compact({
      taskType: request.purpose === undefined ? pick(own?.['taskType'], index) : taskTypeOf(request.purpose),
      title: request.title ?? pick(own?.['title'], index),
      outputDimensionality: request.dimensions ?? pick(own?.['outputDimensionality'], index),
      autoTruncate: request.truncate === undefined ? pick(own?.['autoTruncate'], index) : truncateOf(request, nested),
      ...omit(others, 'model'),
    });
    const content = same(contents[index], input) ? contents[index] : encodeContent(input, `input[${index}]`, context);
    return nested ? { content, embedContentConfig: settings } : { content, ...settings };
  });
}

/** A field that differs from request to request is a list; one that no neutral word is for is the same for all. */
function pick(value: unknown, index: number): unknown {
  return Array.isArray(value) ? (value as unknown[])[index] : value;
}

/** Only in the newer form can it be said; without it, what is too long is cut at the end. */
function truncateOf({ truncate }: EmbeddingsRequest, nested: boolean): boolean | undefined {
  return nested ? truncate !== 'none' : undefined;
}

/** What a `taskType` means; undefined where no other dialect has a word for it. */
export function purposeOf(taskType: unknown): EmbeddingPurpose | undefined {
  return PURPOSES.find(([name]) => name === taskType)?.[1];
}

/** The API's word for a purpose. */
export function taskTypeOf(purpose: EmbeddingPurpose): string | undefined {
  return PURPOSES.find(([, name]) => name === purpose)?.[0];
}

/** Whether a transform has left an input as it was read. */
function same(content: unknown, input: EmbeddingsRequest['inputs'][number]): boolean {
  if (content === undefined) return false;
  return JSON.stringify(decodeContent(content, Reading.request())) === JSON.stringify(input);
}

/** Says what requests of other dialects have that `dialect` has not. */
export function refuse(
  { formats = [], truncate, endUser, rest }: EmbeddingsRequest,
  context: EncodeContext,
  dialect = EMBED,
): void {
  const quantised = formats.find((format) => format !== 'float' && format !== 'base64');
  if (quantised !== undefined) context.unsupported('embedding_types', `there are no vectors of ${quantised} values`);
  if (truncate === 'start') context.unsupported('truncate', 'what is too long can only be cut at its end');
  if (endUser !== undefined) context.warn('user', 'this dialect does not tell users apart');
  if (rest === undefined || rest.dialect === dialect) return;
  for (const key of Object.keys(rest.fields)) {
    if (!key.startsWith('$')) context.unsupported(key, `only ${rest.dialect} has this field`);
  }
}
