/** Writes everything of a request but its messages and tools. */
import { createHash } from 'node:crypto';
import type { ChatRequest, EncodeContext, JsonObject, ResponseFormat } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { isObject, isVoid } from './json-value.ts';
import { reasoningEffort } from './reasoning.ts';
import { ownFields, refuseForeign } from './rest.ts';
import { LIMIT_KEYS, STREAM_OPTIONS, TOP_K, USER_KEY } from './settings-decode.ts';
import { TIERS } from './tier.ts';

/** How many stop sequences the API takes. */
const MAX_STOPS = 4;
/** How long the API lets the name of an end user be. */
const MAX_USER = 64;

/** Writes the settings into a body. */
export function writeSettings(request: ChatRequest, body: JsonObject, context: EncodeContext): void {
  const notes = ownFields(request.rest);
  if (request.stream) body['stream'] = true;
  if (request.stream) writeStreamOptions(request, body);
  if (request.maxOutput !== undefined) {
    const keys = (notes[LIMIT_KEYS] as string[] | undefined) ?? ['max_completion_tokens'];
    for (const key of keys) body[key] = request.maxOutput;
  }
  writeSampling(request, body, context);
  if (request.logprobs !== undefined) {
    body['logprobs'] = true;
    if (request.logprobs.top !== undefined) body['top_logprobs'] = request.logprobs.top;
  }
  if (request.responseFormat !== undefined) body['response_format'] = formatOf(request.responseFormat);
  if (request.reasoning !== undefined) {
    const effort = reasoningEffort(request.reasoning);
    if (effort !== undefined) body['reasoning_effort'] = effort;
    else if (request.reasoning.mode === 'disabled') {
      context.warn(
        'reasoning',
        'not every model can be told not to think; `reasoning_effort` with `none` tells those that can',
      );
    }
    refuseForeign(request.reasoning.rest, 'reasoning', context);
  }
  if (request.endUser !== undefined) writeUser(request, request.endUser, body);
  if (request.metadata !== undefined) body['metadata'] = { ...request.metadata };
  if (request.serviceTier !== undefined) writeTier(request, request.serviceTier, body, context);
}

function writeStreamOptions(request: ChatRequest, body: JsonObject): void {
  const others = ownFields(request.rest)[STREAM_OPTIONS];
  const options: JsonObject = isObject(others) ? { ...others } : {};
  if (request.streamUsage === true) options['include_usage'] = true;
  if (!isVoid(options)) body['stream_options'] = options;
}

const isOwn = (request: ChatRequest): boolean => request.rest?.dialect === DIALECT;

function writeSampling(request: ChatRequest, body: JsonObject, context: EncodeContext): void {
  if (request.temperature !== undefined) body['temperature'] = request.temperature;
  if (request.topP !== undefined) body['top_p'] = request.topP;
  if (request.topK !== undefined) {
    if (ownFields(request.rest)[TOP_K] === true) body['top_k'] = request.topK;
    else context.unsupported('top_k', 'the API has no limit on the number of candidate tokens');
  }
  if (request.presencePenalty !== undefined) body['presence_penalty'] = request.presencePenalty;
  if (request.frequencyPenalty !== undefined) body['frequency_penalty'] = request.frequencyPenalty;
  if (request.candidates !== undefined) body['n'] = request.candidates;
  if (request.seed !== undefined) body['seed'] = request.seed;
  writeStop(request, body, context);
  if (request.parallelTools !== undefined) body['parallel_tool_calls'] = request.parallelTools;
}

function writeStop(request: ChatRequest, body: JsonObject, context: EncodeContext): void {
  const { stop } = request;
  if (stop === undefined) return;
  if (stop.length <= MAX_STOPS || isOwn(request)) {
    body['stop'] = [...stop];
    return;
  }
  context.unsupported(
    'stop_sequences',
    `at most ${MAX_STOPS} stop sequences are possible, and these are ${stop.length}`,
  );
  body['stop'] = stop.slice(0, MAX_STOPS);
}

function formatOf(format: ResponseFormat): JsonObject {
  switch (format.kind) {
    case 'text':
      return { type: 'text' };
    case 'json':
      return { type: 'json_object' };
    case 'schema': {
      const { schema, name = 'answer', description, strict } = format;
      const inner: JsonObject = { name };
      if (description !== undefined) inner['description'] = description;
      inner['schema'] = schema;
      if (strict !== undefined) inner['strict'] = strict;
      return { type: 'json_schema', json_schema: inner };
    }
  }
}

/**
 * `user`, since every server of this dialect knows it, unless the client used the newer `safety_identifier`. An id that
 * is too long is replaced by its SHA-256: still one id for one user, and as long as the API takes. What a client of this
 * dialect sent itself is the provider's to judge, and is spelled as it came.
 */
function writeUser(request: ChatRequest, endUser: string, body: JsonObject): void {
  const key = ownFields(request.rest)[USER_KEY] === 'safety_identifier' ? 'safety_identifier' : 'user';
  body[key] = endUser.length <= MAX_USER ? endUser : createHash('sha256').update(endUser).digest('hex');
}

function writeTier(request: ChatRequest, tier: string, body: JsonObject, context: EncodeContext): void {
  if (isOwn(request) || TIERS.includes(tier)) body['service_tier'] = tier;
  // Another dialect's word for: nothing but the standard.
  else if (tier === 'standard_only') body['service_tier'] = 'default';
  else context.unsupported('service_tier', `there is no tier ${JSON.stringify(tier)}`);
}
