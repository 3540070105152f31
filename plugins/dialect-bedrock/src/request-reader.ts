/** Reads the body of a chat into the neutral request. */
import type { ChatRequest, DecodeContext, JsonObject } from '@gatewright/core';
import { decodeMessages } from './messages.ts';
import { decodeModelFields } from './model-fields.ts';
import { CONVERSE } from './names.ts';
import { nested, omit, restFields } from './rest.ts';
import { decodeOutput } from './output-config.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { decodeTools } from './tools.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Writable<ChatRequest>;

/** Fields that are always understood. */
const KNOWN = ['messages', 'system', 'inferenceConfig', 'toolConfig', 'requestMetadata', 'outputConfig'];

/** The model, and whether a stream is wanted, stand in the path. Throws `GW_BAD_REQUEST` with `param`. */
export function decodeRequest(body: JsonObject, context: DecodeContext): ChatRequest {
  const at = Reading.request();
  const request: Draft = {
    model: context.model ?? '',
    messages: decodeMessages(body, at),
    stream: context.stream === true,
  };
  // This dialect always tells the usage.
  if (request.stream) request.streamUsage = true;
  const known = [...KNOWN];
  const kept: JsonObject = {
    $absent: isMissing(body['messages']) ? ['messages'] : undefined,
    ...readInference(body['inferenceConfig'], request, at.at('inferenceConfig')),
    ...readSettings(body, request, at),
  };
  const tier = body['serviceTier'];
  if (isObject(tier) && Object.keys(tier).length === 1 && typeof tier['type'] === 'string') {
    request.serviceTier = tier['type'];
    known.push('serviceTier');
  }
  const fields = decodeModelFields(body['additionalModelRequestFields'], at);
  known.push(...fields.known);
  Object.assign(kept, fields.kept);
  if (fields.topK !== undefined) request.topK = fields.topK;
  if (fields.reasoning !== undefined) request.reasoning = { ...request.reasoning, ...fields.reasoning };
  // Always there, also when empty: it says that the request was read in this dialect.
  request.rest = { dialect: CONVERSE, fields: restFields(body, omit(body, ...known), kept) };
  return request;
}

function readInference(value: unknown, request: Draft, at: Reading): JsonObject {
  if (isMissing(value)) return {};
  const config = at.object(value);
  const { maxTokens, temperature, topP, stopSequences: stop } = config;
  if (!isMissing(maxTokens)) request.maxOutput = at.at('maxTokens').count(maxTokens);
  if (!isMissing(temperature)) request.temperature = at.at('temperature').number(temperature);
  if (!isMissing(topP)) request.topP = at.at('topP').number(topP);
  if (!isMissing(stop)) {
    const place = at.at('stopSequences');
    request.stop = place.list(stop).map((sequence, index) => place.at(index).string(sequence));
  }
  return nested('inferenceConfig', config, ['maxTokens', 'temperature', 'topP', 'stopSequences']);
}

function readSettings(body: JsonObject, request: Draft, at: Reading): JsonObject {
  const { toolConfig, requestMetadata, outputConfig } = body;
  const kept: JsonObject = {};
  if (!isMissing(toolConfig)) {
    const { kept: left, ...tools } = decodeTools(toolConfig, at.at('toolConfig'));
    Object.assign(request, tools);
    Object.assign(kept, left);
  }
  if (!isMissing(outputConfig)) {
    const output = decodeOutput(outputConfig, at.at('outputConfig'));
    Object.assign(kept, output.kept);
    if (output.format !== undefined) request.responseFormat = output.format;
    if (output.effort !== undefined) request.reasoning = { effort: output.effort };
  }
  if (!isMissing(requestMetadata)) request.metadata = readMetadata(requestMetadata, at.at('requestMetadata'));
  return kept;
}

function readMetadata(value: unknown, at: Reading): Record<string, string> {
  const entries = Object.entries(at.object(value)).map(([key, text]) => [key, at.at(key).string(text)]);
  return Object.fromEntries(entries) as Record<string, string>;
}
