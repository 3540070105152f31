/** Reads everything of a request but its messages and tools. */
import type { ChatRequest, JsonObject, ReasoningSettings } from '@gatewright/core';
import { badRequest } from '../fault.ts';
import { isObject, isVoid, type Writable } from '../json-value.ts';
import { Reader } from '../reader.ts';
import { USER_KEY } from '../settings-decode.ts';
import { restOf } from './rest.ts';
import { readText } from './text-format.ts';

/** The entry of `include` that asks for log probabilities. */
export const LOGPROBS = 'message.output_text.logprobs';
/** The note that holds the other entries of `include`: they add to an answer, and change nothing in it. */
export const INCLUDE = '$include';
/** The note that holds how reasoning shall be summed up: that changes what is shown of it, and no answer. */
export const SUMMARY = '$summary';

/** Values of fields which say what happens anyway, and so what no other dialect need be told. */
const HARMLESS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['store', (value: unknown) => value === false],
  ['background', (value: unknown) => value === false],
  ['truncation', (value: unknown) => value === 'disabled'],
  ['top_logprobs', (value: unknown) => value === 0],
  // A hint for the provider's own routing of requests to caches.
  ['prompt_cache_key', () => true],
  // About the form of the stream only.
  ['stream_options', () => true],
  ['metadata', isVoid],
]);

/** Fills the settings of a request from its body, and answers with the fields for its rest. */
export function readSettings(reader: Reader, request: Writable<ChatRequest>): JsonObject {
  const fields: JsonObject = {};
  request.stream = reader.boolean('stream') === true;
  // This dialect always tells the usage.
  if (request.stream) request.streamUsage = true;
  const limit = reader.integer('max_output_tokens', 0);
  if (limit !== undefined) request.maxOutput = limit;
  const temperature = reader.number('temperature');
  if (temperature !== undefined) request.temperature = temperature;
  const topP = reader.number('top_p');
  if (topP !== undefined) request.topP = topP;
  const parallel = reader.boolean('parallel_tool_calls');
  if (parallel !== undefined) request.parallelTools = parallel;
  const tier = reader.string('service_tier');
  // Both mean what the provider does without being asked.
  if (tier !== undefined && tier !== 'auto' && tier !== 'default') request.serviceTier = tier;
  readInclude(reader, request, fields);
  readReasoning(reader, request);
  readUser(reader, request, fields);
  readMetadata(reader, request);
  return { ...fields, ...readText(reader, request) };
}

/** The members that nothing was read from and that mean something. */
export function remainder(reader: Reader): JsonObject {
  const unknown = reader.unknown();
  for (const key of Object.keys(unknown)) if (HARMLESS.get(key)?.(unknown[key]) === true) delete unknown[key];
  return unknown;
}

function readInclude(reader: Reader, request: Writable<ChatRequest>, notes: JsonObject): void {
  const include = reader.array('include') ?? [];
  const others = include.filter((entry) => entry !== LOGPROBS);
  if (others.length > 0) notes[INCLUDE] = others;
  if (others.length === include.length) return;
  const top = reader.integer('top_logprobs', 0);
  request.logprobs = top === undefined ? {} : { top };
}

function readReasoning(reader: Reader, request: Writable<ChatRequest>): void {
  const value = reader.object('reasoning');
  if (value === undefined) return;
  const inner = new Reader(value, 'reasoning', badRequest);
  const settings: Writable<ReasoningSettings> = {};
  const effort = inner.string('effort');
  if (effort !== undefined) settings.effort = effort;
  const shown: JsonObject = {};
  for (const key of ['summary', 'generate_summary']) {
    const summary = inner.string(key);
    if (summary !== undefined) shown[key] = summary;
  }
  const fields = inner.unknown();
  if (fields['context'] === 'auto') delete fields['context'];
  const rest = restOf(isVoid(shown) ? fields : { ...fields, [SUMMARY]: shown });
  if (rest !== undefined) settings.rest = rest;
  if (!isVoid(settings)) request.reasoning = settings;
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

/** Metadata is strings by the API; anything else is left for the provider to judge. */
function readMetadata(reader: Reader, request: Writable<ChatRequest>): void {
  const { metadata } = reader.value;
  if (!isObject(metadata) || isVoid(metadata)) return;
  if (!Object.values(metadata).every((item) => typeof item === 'string')) return;
  reader.take('metadata');
  request.metadata = metadata as Record<string, string>;
}
