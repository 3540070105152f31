/** Reads everything of a request but its messages and tools. */
import type { ChatRequest, JsonObject, ReasoningSettings, ResponseFormat } from '@gatewright/core';
import { badRequest, wrongType } from './fault.ts';
import { isObject, isVoid, type Writable } from './json-value.ts';
import { Reader } from './reader.ts';

/** The note that names the fields which the output limit came in. */
export const LIMIT_KEYS = '$limitKeys';
/** The note that names the field which the end user came in. */
export const USER_KEY = '$userKey';
/** The note that the choice of tools came in `function_call`. */
export const LEGACY_CHOICE = '$legacyChoice';
/** The note that holds the stream options which other dialects need not know. */
export const STREAM_OPTIONS = '$streamOptions';
/** The note that `top_k` was sent: the API has no such field, but servers that speak its dialect do. */
export const TOP_K = '$topK';

/** Values of fields which say what happens anyway, and so what no other dialect need be told. */
const HARMLESS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['store', (value: unknown) => value === false],
  ['logprobs', (value: unknown) => value === false],
  ['top_logprobs', (value: unknown) => value === 0],
  ['verbosity', (value: unknown) => value === 'medium'],
  ['modalities', (value: unknown) => Array.isArray(value) && value.every((item) => item === 'text')],
  // A hint for the provider's own routing of requests to caches.
  ['prompt_cache_key', () => true],
  ['logit_bias', isVoid],
  ['metadata', isVoid],
]);

/** Fills the settings of a request from its body, and answers with the fields for its rest. */
export function readSettings(reader: Reader, request: Writable<ChatRequest>): JsonObject {
  const notes: JsonObject = {};
  request.stream = reader.boolean('stream') === true;
  readStreamOptions(reader, request, notes);
  readLimit(reader, request, notes);
  readSampling(reader, request, notes);
  readLogprobs(reader, request);
  const effort = reader.string('reasoning_effort');
  if (effort !== undefined) request.reasoning = { effort } satisfies ReasoningSettings;
  readUser(reader, request, notes);
  const tier = reader.string('service_tier');
  // Both mean what the provider does without being asked.
  if (tier !== undefined && tier !== 'auto' && tier !== 'default') request.serviceTier = tier;
  const unread = readFormat(reader, request);
  if (unread !== undefined) notes['response_format'] = unread;
  readMetadata(reader, request);
  return notes;
}

/** The members that nothing was read from and that mean something. */
export function remainder(reader: Reader): JsonObject {
  const unknown = reader.unknown();
  for (const key of Object.keys(unknown)) if (HARMLESS.get(key)?.(unknown[key]) === true) delete unknown[key];
  return unknown;
}

/** Options besides the one for usage are about the form of the stream only. */
function readStreamOptions(reader: Reader, request: Writable<ChatRequest>, notes: JsonObject): void {
  const { include_usage: usage, ...others } = reader.object('stream_options') ?? {};
  if (usage === true) request.streamUsage = true;
  if (!isVoid(others)) notes[STREAM_OPTIONS] = others;
}

function readLimit(reader: Reader, request: Writable<ChatRequest>, notes: JsonObject): void {
  const limits: [string, number | undefined][] = ['max_completion_tokens', 'max_tokens'].map((key) => [
    key,
    reader.integer(key, 0),
  ]);
  const sent = limits.filter(([, limit]) => limit !== undefined);
  const first = sent[0];
  if (first?.[1] === undefined) return;
  request.maxOutput = first[1];
  const keys = sent.map(([key]) => key);
  if (keys.length > 1 || keys[0] !== 'max_completion_tokens') notes[LIMIT_KEYS] = keys;
}

function readSampling(reader: Reader, request: Writable<ChatRequest>, notes: JsonObject): void {
  const temperature = reader.number('temperature');
  if (temperature !== undefined) request.temperature = temperature;
  const topP = reader.number('top_p');
  if (topP !== undefined) request.topP = topP;
  const topK = reader.number('top_k');
  if (topK !== undefined) {
    request.topK = topK;
    notes[TOP_K] = true;
  }
  // Zero is what happens without them, and one answer is what is given without being asked for more.
  const presence = reader.number('presence_penalty');
  if (presence !== undefined && presence !== 0) request.presencePenalty = presence;
  const frequency = reader.number('frequency_penalty');
  if (frequency !== undefined && frequency !== 0) request.frequencyPenalty = frequency;
  const candidates = reader.integer('n', 1);
  if (candidates !== undefined && candidates !== 1) request.candidates = candidates;
  const seed = reader.number('seed');
  if (seed !== undefined) request.seed = seed;
  const stop = readStop(reader.take('stop'));
  if (stop.length > 0) request.stop = stop;
  const parallel = reader.boolean('parallel_tool_calls');
  if (parallel !== undefined) request.parallelTools = parallel;
}

/** A stop sequence, or several. */
export function readStop(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrongType(badRequest, 'stop', 'a string or an array of strings', value);
}

/** How many alternatives are told makes no sense without asking for probabilities; then the field is left for the provider to judge. */
function readLogprobs(reader: Reader, request: Writable<ChatRequest>): void {
  if (reader.value['logprobs'] !== true) {
    if (typeof reader.value['logprobs'] !== 'boolean') reader.boolean('logprobs');
    return;
  }
  reader.take('logprobs');
  const top = reader.integer('top_logprobs', 0);
  request.logprobs = top === undefined ? {} : { top };
}

/** Two fields name the end user; where both stand, the newer counts and the other is kept as it is. */
function readUser(reader: Reader, request: Writable<ChatRequest>, notes: JsonObject): void {
  const user = reader.string('user');
  const identifier = reader.string('safety_identifier');
  const endUser = identifier ?? user;
  if (endUser === undefined) return;
  request.endUser = endUser;
  notes[USER_KEY] = identifier === undefined ? 'user' : 'safety_identifier';
}

/** Reads the response format. Answers with the value where something in it was not understood. */
function readFormat(reader: Reader, request: Writable<ChatRequest>): unknown {
  const value = reader.object('response_format');
  if (value === undefined) return undefined;
  const format = new Reader(value, 'response_format', badRequest);
  const type = format.requiredString('type');
  if (type === 'text') return undefined;
  if (type === 'json_object') {
    request.responseFormat = { kind: 'json' };
    return isVoid(format.unknown()) ? undefined : value;
  }
  if (type !== 'json_schema') return value;
  const inner = new Reader(format.requiredObject('json_schema'), 'response_format.json_schema', badRequest);
  const schema: Writable<Extract<ResponseFormat, { kind: 'schema' }>> = {
    kind: 'schema',
    schema: inner.object('schema') ?? {},
  };
  const name = inner.requiredString('name');
  schema.name = name;
  const description = inner.string('description');
  if (description !== undefined) schema.description = description;
  const strict = inner.boolean('strict');
  if (strict !== undefined) schema.strict = strict;
  request.responseFormat = schema;
  return isVoid(format.unknown()) && isVoid(inner.unknown()) ? undefined : value;
}

/** Metadata is strings by the API; anything else is left for the provider to judge. */
function readMetadata(reader: Reader, request: Writable<ChatRequest>): void {
  const { metadata } = reader.value;
  if (!isObject(metadata) || isVoid(metadata)) return;
  if (!Object.values(metadata).every((item) => typeof item === 'string')) return;
  reader.take('metadata');
  request.metadata = metadata as Record<string, string>;
}
