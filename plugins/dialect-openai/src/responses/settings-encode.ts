/** Writes everything of a request but its messages and tools. */
import { createHash } from 'node:crypto';
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { isObject, isVoid } from '../json-value.ts';
import { reasoningEffort } from '../reasoning.ts';
import { isNote } from '../rest.ts';
import { USER_KEY } from '../settings-decode.ts';
import { TIERS } from '../tier.ts';
import { isOwn, ownFields, refuseForeign } from './rest.ts';
import { INCLUDE, LOGPROBS, SUMMARY } from './settings-decode.ts';
import { FORMAT, TEXT, VERBOSITY, writeText } from './text-format.ts';

/** How long the API lets the name of an end user be. */
const MAX_USER = 64;
/** The smallest limit that the API takes (`max_output_tokens` in its OpenAPI schema). */
const LEAST_OUTPUT = 16;

/** Writes the settings into a body. */
export function writeSettings(request: ChatRequest, body: JsonObject, context: EncodeContext): void {
  refuseMissing(request, context);
  const own = isOwn(request.rest);
  if (request.stream) body['stream'] = true;
  const limit = request.maxOutput;
  if (limit !== undefined) body['max_output_tokens'] = limit;
  if (limit !== undefined && limit < LEAST_OUTPUT && !own) {
    context.unsupported('max_tokens', `the least that an answer can be limited to is ${LEAST_OUTPUT} tokens`);
    delete body['max_output_tokens'];
  }
  if (request.temperature !== undefined) body['temperature'] = request.temperature;
  if (request.topP !== undefined) body['top_p'] = request.topP;
  if (request.parallelTools !== undefined) body['parallel_tool_calls'] = request.parallelTools;
  writeInclude(request, body);
  writeReasoning(request, body, context);
  const text = writeText(request);
  if (text !== undefined) body['text'] = text;
  if (request.endUser !== undefined) writeUser(request, request.endUser, body);
  if (request.metadata !== undefined) body['metadata'] = { ...request.metadata };
  if (request.serviceTier !== undefined) writeTier(request.serviceTier, own, body, context);
  // Answers are kept unless one says otherwise, which no other dialect does by itself.
  if (!own) body['store'] = false;
  writeOthers(request, body);
}

/** What is left of a request of this dialect, but for what stands inside of `text`. */
function writeOthers(request: ChatRequest, body: JsonObject): void {
  const fields = ownFields(request.rest);
  for (const key of Object.keys(fields)) {
    if (isNote(key) || key === TEXT || key === FORMAT || key === VERBOSITY || key in body) continue;
    body[key] = fields[key];
  }
}

/** Settings that this dialect has no field for, by the names that most clients know them by. */
function refuseMissing(request: ChatRequest, context: EncodeContext): void {
  const refuse = (field: string, isSet: boolean): void => {
    if (isSet) context.unsupported(field, 'there is no such field in this dialect');
  };
  refuse('stop', (request.stop ?? []).length > 0);
  refuse('seed', request.seed !== undefined);
  refuse('top_k', request.topK !== undefined);
  // Zero is what every model does without them.
  refuse('presence_penalty', (request.presencePenalty ?? 0) !== 0);
  refuse('frequency_penalty', (request.frequencyPenalty ?? 0) !== 0);
  refuse('n', (request.candidates ?? 1) !== 1);
}

function writeInclude(request: ChatRequest, body: JsonObject): void {
  const include = [...((ownFields(request.rest)[INCLUDE] as unknown[] | undefined) ?? [])];
  if (request.logprobs !== undefined) {
    include.push(LOGPROBS);
    if (request.logprobs.top !== undefined) body['top_logprobs'] = request.logprobs.top;
  }
  if (include.length > 0) body['include'] = include;
}

function writeReasoning({ reasoning }: ChatRequest, body: JsonObject, context: EncodeContext): void {
  if (reasoning === undefined) return;
  refuseForeign(reasoning.rest, 'reasoning', context);
  const written: JsonObject = {};
  const effort = reasoningEffort(reasoning);
  if (effort !== undefined) written['effort'] = effort;
  else if (reasoning.mode === 'disabled') {
    context.warn('reasoning', 'not every model can be told not to think; the effort `none` tells those that can');
  }
  const fields = ownFields(reasoning.rest);
  if (isObject(fields[SUMMARY])) Object.assign(written, fields[SUMMARY]);
  for (const key of Object.keys(fields)) if (!isNote(key)) written[key] ??= fields[key];
  if (!isVoid(written)) body['reasoning'] = written;
}

/** The newer field, unless the client used the older one. An id that is too long is replaced by its SHA-256. */
function writeUser(request: ChatRequest, endUser: string, body: JsonObject): void {
  const key = ownFields(request.rest)[USER_KEY] === 'user' ? 'user' : 'safety_identifier';
  body[key] = endUser.length <= MAX_USER ? endUser : createHash('sha256').update(endUser).digest('hex');
}

function writeTier(tier: string, own: boolean, body: JsonObject, context: EncodeContext): void {
  if (own || TIERS.includes(tier)) body['service_tier'] = tier;
  // Another dialect's word for: nothing but the standard.
  else if (tier === 'standard_only') body['service_tier'] = 'default';
  else context.unsupported('service_tier', `there is no tier ${JSON.stringify(tier)}`);
}
