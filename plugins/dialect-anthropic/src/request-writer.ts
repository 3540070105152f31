/** Writes the neutral request as the body of a chat or of a token count. */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { encodeCache } from './cache-mark.ts';
import { encodeMessages } from './messages.ts';
import { compact, hint, keeper, restoreNested } from './rest.ts';
import { encodeOutput } from './output-config.ts';
import { encodeThinking } from './thinking.ts';
import { encodeToolChoice } from './tool-choice.ts';
import { encodeTools } from './tools.ts';
import { Writing } from '@gatewright/core/wire';

/** The body of a chat. `maxTokens` stands where the request has no limit: this dialect demands one. */
export function encodeRequest(request: ChatRequest, context: EncodeContext, maxTokens: number): JsonObject {
  const at = writingOf(request, context);
  // A budget for thinking is part of the limit, and must be less than it.
  const limit = request.maxOutput ?? maxTokens + (request.reasoning?.budgetTokens ?? 0);
  refuseSettings(request, at);
  return at.complete(compact({ ...prompt(request, at), ...settings(request, at), max_tokens: limit }), request.rest);
}

/** The body of a token count: what the model would read, and nothing of how it should answer. */
export function encodeCountRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const at = writingOf(request, context);
  const own = at.own ? { ...settings(request, at), max_tokens: request.maxOutput } : {};
  return at.complete(compact({ ...prompt(request, at), ...own }), request.rest);
}

function writingOf(request: ChatRequest, context: EncodeContext): Writing {
  return Writing.to('provider', request.rest, context, keeper);
}

function prompt(request: ChatRequest, at: Writing): JsonObject {
  const { tools, cache } = request;
  return {
    model: at.model,
    ...encodeMessages(request.messages, at.at('messages')),
    tools: tools === undefined ? undefined : encodeTools(tools, at.at('tools')),
    tool_choice: encodeToolChoice(request, at.at('tool_choice')),
    thinking: encodeThinking(request, at),
    ...encodeOutput(request, at),
    cache_control: cache === undefined ? undefined : encodeCache(cache),
  };
}

function settings(request: ChatRequest, at: Writing): JsonObject {
  const { temperature, topP, topK, stop } = request;
  const tooHot = !at.own && temperature !== undefined && temperature > 1;
  if (tooHot) at.at('temperature').unsupported('It goes from 0 to 1 in this dialect.');
  return {
    stream: request.stream || (hint(request.rest, '$stream') === false ? false : undefined),
    temperature: tooHot ? undefined : temperature,
    top_p: topP,
    top_k: topK,
    stop_sequences: stop === undefined ? undefined : stopSequences(stop, at),
    metadata: metadata(request),
    service_tier: serviceTier(request, at),
  };
}

/** The API refuses sequences of white space only. */
function stopSequences(stop: readonly string[], at: Writing): readonly string[] {
  if (at.own) return stop;
  return stop.filter((sequence, index) => {
    const fits = sequence.trim() !== '';
    if (!fits) at.at('stop').at(index).unsupported('A stop sequence must have more than white space here.');
    return fits;
  });
}

function metadata(request: ChatRequest): JsonObject | undefined {
  return restoreNested('metadata', request.endUser === undefined ? {} : { user_id: request.endUser }, request.rest);
}

/** This dialect's tiers are `auto` and `standard_only`, which is what others call `default`. */
function serviceTier({ serviceTier }: ChatRequest, at: Writing): string | undefined {
  if (at.own || serviceTier === undefined || serviceTier === 'auto' || serviceTier === 'standard_only')
    return serviceTier;
  if (serviceTier === 'default') return 'standard_only';
  at.at('service_tier').unsupported(`This dialect has no tier "${serviceTier}".`);
  return undefined;
}

/** Settings that this dialect has no field for, by the names that most clients know them by. */
function refuseSettings(request: ChatRequest, at: Writing): void {
  const refuse = (field: string, isSet: boolean): void => {
    if (isSet) at.at(field).unsupported('This dialect has no such field.');
  };
  refuse('seed', request.seed !== undefined);
  // Zero is what every model does without them.
  refuse('presence_penalty', (request.presencePenalty ?? 0) !== 0);
  refuse('frequency_penalty', (request.frequencyPenalty ?? 0) !== 0);
  refuse('n', (request.candidates ?? 1) !== 1);
  refuse('logprobs', request.logprobs !== undefined);
  refuse('metadata', Object.keys(request.metadata ?? {}).length > 0);
}
