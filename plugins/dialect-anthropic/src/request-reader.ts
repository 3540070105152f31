/** Reads the body of a chat or of a token count into the neutral request. */
import type { ChatRequest, JsonObject } from '@gatewright/core';
import { decodeCache } from './cache-mark.ts';
import { decodeMessages } from './messages.ts';
import { compact, nested, omit, restFields } from './rest.ts';
import { MESSAGES } from './names.ts';
import { decodeOutput } from './output-config.ts';
import { isMissing, Reading } from './reading.ts';
import { decodeReasoning, knowsThinking } from './thinking.ts';
import { decodeToolChoice } from './tool-choice.ts';
import { decodeTools } from './tools.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Writable<ChatRequest>;

/** Fields that are always understood. */
const KNOWN = [
  'model',
  'messages',
  'system',
  'max_tokens',
  'stop_sequences',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'tools',
  'tool_choice',
  'metadata',
  'service_tier',
];

/** `counting`: the body asks for a token count, and needs no `max_tokens`. Throws `GW_BAD_REQUEST` with `param`. */
export function decodeRequest(body: JsonObject, counting: boolean): ChatRequest {
  const at = Reading.request();
  const { stream } = body;
  const request: Draft = {
    model: at.at('model').string(body['model']),
    messages: decodeMessages(body, at),
    stream: isMissing(stream) ? false : at.at('stream').boolean(stream),
  };
  // This dialect always tells the usage.
  if (request.stream) request.streamUsage = true;
  if (!counting || !isMissing(body['max_tokens'])) {
    request.maxOutput = at.at('max_tokens').count(body['max_tokens']);
  }
  readSampling(body, request, at);
  const kept = { ...(stream === false ? { $stream: false } : {}), ...readSettings(body, request, at) };
  const { known, ...fields } = kept as JsonObject & { known: string[] };
  // Always there, also when empty: it says that the request was read in this dialect.
  request.rest = { dialect: MESSAGES, fields: restFields(body, omit(body, ...KNOWN, ...known), fields) };
  return request;
}

function readSampling(body: JsonObject, request: Draft, at: Reading): void {
  const { temperature, top_p: topP, top_k: topK, stop_sequences: stop, service_tier: tier } = body;
  if (!isMissing(temperature)) request.temperature = at.at('temperature').number(temperature);
  if (!isMissing(topP)) request.topP = at.at('top_p').number(topP);
  if (!isMissing(topK)) request.topK = at.at('top_k').number(topK);
  if (!isMissing(tier)) request.serviceTier = at.at('service_tier').string(tier);
  if (isMissing(stop)) return;
  const place = at.at('stop_sequences');
  request.stop = place.list(stop).map((sequence, index) => place.at(index).string(sequence));
}

/** Reads tools, thinking and output; answers with what goes into the rest, and the fields that are understood. */
function readSettings(body: JsonObject, request: Draft, at: Reading): JsonObject {
  const { tools, tool_choice: choice, metadata, thinking } = body;
  const known: string[] = [];
  const kept: JsonObject = {};
  if (!isMissing(tools)) request.tools = decodeTools(tools, at.at('tools'));
  if (!isMissing(choice)) {
    const { kept: left, ...settings } = decodeToolChoice(choice, at.at('tool_choice'));
    Object.assign(request, settings);
    Object.assign(kept, left);
  }
  if (!isMissing(metadata)) Object.assign(kept, readMetadata(metadata, request, at.at('metadata')));
  const cache = decodeCache(body['cache_control']);
  if (cache !== undefined) {
    request.cache = cache;
    known.push('cache_control');
  }
  const output = decodeOutput(body, at);
  known.push(...output.known);
  if (output.format !== undefined) request.responseFormat = output.format;
  const reasoning = decodeReasoning(thinking, output.effort, at);
  if (reasoning !== undefined) request.reasoning = reasoning;
  if (knowsThinking(thinking)) known.push('thinking');
  return compact({ ...kept, ...output.kept, known });
}

function readMetadata(value: unknown, request: Draft, at: Reading): JsonObject {
  const metadata = at.object(value);
  const { user_id: user } = metadata;
  if (!isMissing(user)) request.endUser = at.at('user_id').string(user);
  return nested('metadata', metadata, ['user_id']);
}
