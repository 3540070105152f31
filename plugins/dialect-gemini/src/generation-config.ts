/** The settings of a request: `generationConfig` (https://ai.google.dev/api/generate-content#generationconfig). */
import type { ChatRequest, JsonObject, ResponseFormat } from '@gatewright/core';
import { compact, nested, nestedNote, restoreNested } from './rest.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { isSchemaOf, toJsonSchema } from './schema.ts';
import { decodeThinking, encodeThinking } from './thinking.ts';
import type { Writing } from '@gatewright/core/wire';

export type Draft = { -readonly [K in keyof ChatRequest]: ChatRequest[K] };

const NAME = 'generationConfig';
const JSON_TYPE = 'application/json';

/** Fields, and what they are called in the neutral form. */
const NUMBERS = [
  ['temperature', 'temperature'],
  ['topP', 'topP'],
  ['topK', 'topK'],
  ['presencePenalty', 'presencePenalty'],
  ['frequencyPenalty', 'frequencyPenalty'],
] as const;
const COUNTS = [
  ['maxOutputTokens', 'maxOutput'],
  ['candidateCount', 'candidates'],
] as const;

const KNOWN = [...[...NUMBERS, ...COUNTS].map(([field]) => field), 'stopSequences', 'seed', 'thinkingConfig'];

/** Reads the settings into the request. Answers with what goes into its rest. */
export function decodeSettings(value: unknown, request: Draft, at: Reading): JsonObject {
  const config = at.fields(value);
  for (const [field, name] of NUMBERS) {
    if (!isMissing(config[field])) request[name] = at.at(field).number(config[field]);
  }
  for (const [field, name] of COUNTS) {
    if (!isMissing(config[field])) request[name] = at.at(field).integer(config[field]);
  }
  const { seed, stopSequences, thinkingConfig } = config;
  if (!isMissing(seed)) request.seed = at.at('seed').integer(seed, Number.MIN_SAFE_INTEGER);
  if (!isMissing(stopSequences)) {
    const place = at.at('stopSequences');
    request.stop = place.list(stopSequences).map((one, index) => place.at(index).string(one));
  }
  if (!isMissing(thinkingConfig)) request.reasoning = decodeThinking(thinkingConfig, at.at('thinkingConfig'));
  const logprobs = decodeLogprobs(config, request, at);
  const format = decodeFormat(config, request);
  return nested(NAME, config, [...KNOWN, ...logprobs, ...format.known], format.notes);
}

/** Answers with the fields that are understood. */
function decodeLogprobs(config: JsonObject, request: Draft, at: Reading): readonly string[] {
  const { responseLogprobs, logprobs } = config;
  if (responseLogprobs !== true) return [];
  request.logprobs = isMissing(logprobs) ? {} : { top: at.at('logprobs').integer(logprobs) };
  return ['responseLogprobs', 'logprobs'];
}

/** JSON with or without a schema, or plain text; other types of answers are this dialect's own. */
function decodeFormat(config: JsonObject, request: Draft): { known: readonly string[]; notes: JsonObject } {
  const { responseMimeType: type, responseSchema: own, responseJsonSchema: schema } = config;
  if (type === 'text/plain' && isMissing(own) && isMissing(schema)) {
    request.responseFormat = { kind: 'text' };
    return { known: ['responseMimeType'], notes: {} };
  }
  if (type !== JSON_TYPE) return { known: [], notes: {} };
  const known = ['responseMimeType', 'responseSchema', 'responseJsonSchema'];
  if (isObject(schema)) {
    request.responseFormat = { kind: 'schema', schema };
    // Both at once are refused by the API, which is for the API to say.
    return { known: isMissing(own) ? known : ['responseMimeType', 'responseJsonSchema'], notes: {} };
  }
  if (isObject(own)) {
    request.responseFormat = { kind: 'schema', schema: toJsonSchema(own) };
    return { known, notes: { $schema: own } };
  }
  request.responseFormat = { kind: 'json' };
  return { known: ['responseMimeType'], notes: {} };
}

/** The API takes five stop sequences at most. */
const MOST_STOPS = 5;

/** `generationConfig` as JSON; undefined where there are no settings. */
export function encodeSettings(request: ChatRequest, at: Writing): JsonObject | undefined {
  const known = compact({
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    maxOutputTokens: request.maxOutput,
    stopSequences: stopSequences(request, at),
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    // One is what every model gives by itself.
    candidateCount: !at.own && request.candidates === 1 ? undefined : request.candidates,
    ...(request.logprobs === undefined ? {} : { responseLogprobs: true, logprobs: request.logprobs.top }),
    ...encodeFormat(request, at),
    thinkingConfig: encodeThinking(request, at),
  });
  return restoreNested(NAME, known, request.rest);
}

function stopSequences({ stop }: ChatRequest, at: Writing): readonly string[] | undefined {
  if (stop === undefined || at.own || stop.length <= MOST_STOPS) return stop;
  at.at('stop').unsupported(`This dialect takes ${MOST_STOPS} stop sequences at most.`);
  return stop.slice(0, MOST_STOPS);
}

function encodeFormat({ responseFormat, rest }: ChatRequest, at: Writing): JsonObject {
  if (responseFormat === undefined) return {};
  if (responseFormat.kind === 'text') return at.own ? { responseMimeType: 'text/plain' } : {};
  if (responseFormat.kind === 'json') return { responseMimeType: JSON_TYPE };
  const original = nestedNote(NAME, rest, '$schema');
  const schema = described(responseFormat);
  return isSchemaOf(schema, original)
    ? { responseMimeType: JSON_TYPE, responseSchema: original }
    : { responseMimeType: JSON_TYPE, responseJsonSchema: schema };
}

/** A schema's name is a label; its description is for the model, and has its place in the schema here. */
function described({ schema, description }: Extract<ResponseFormat, { kind: 'schema' }>): JsonObject {
  return description === undefined || schema['description'] !== undefined ? schema : { ...schema, description };
}
