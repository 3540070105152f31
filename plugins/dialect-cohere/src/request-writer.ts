/** Writes the neutral request as the body of a chat. */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { encodeMessages } from './messages-writer.ts';
import { encodeFormat } from './response-format.ts';
import { compact, hint, keeper } from './rest.ts';
import { encodeThinking } from './thinking.ts';
import { encodeTools } from './tools.ts';
import { Writing } from '@gatewright/core/wire';

export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const at = Writing.to('provider', request.rest, context, keeper);
  refuseSettings(request, at);
  const { messages, documents } = encodeMessages(request.messages, at.at('messages'));
  const known = compact({
    model: at.model,
    messages,
    documents: documents.length === 0 ? undefined : documents,
    stream: request.stream || (hint(request.rest, '$stream') === false ? false : undefined),
    ...encodeTools(request, at),
    response_format: encodeFormat(request, at),
    thinking: encodeThinking(request, at),
    max_tokens: request.maxOutput,
    logprobs: request.logprobs === undefined ? undefined : true,
    stop_sequences: stopSequences(request, at),
    ...sampling(request, at),
  });
  return at.complete(known, request.rest);
}

/** The most stop sequences, and the bounds of the settings (https://docs.cohere.com/reference/chat). */
const MAX_STOPS = 5;
const MIN_P = 0.01;
const MAX_P = 0.99;
const MAX_K = 500;

function stopSequences({ stop }: ChatRequest, at: Writing): readonly string[] | undefined {
  if (stop === undefined || at.own) return stop;
  if (stop.length === 0) return undefined;
  if (stop.length > MAX_STOPS) at.at('stop').unsupported(`This dialect takes up to ${MAX_STOPS} stop sequences.`);
  return stop.slice(0, MAX_STOPS);
}

function sampling(request: ChatRequest, at: Writing): JsonObject {
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty } = request;
  if (at.own) {
    return {
      temperature,
      p: topP,
      k: topK,
      seed,
      frequency_penalty: frequencyPenalty,
      presence_penalty: presencePenalty,
    };
  }
  const within = (field: string, value: number | undefined, least: number, most: number): number | undefined => {
    if (value === undefined || (value >= least && value <= most)) return value;
    at.at(field).unsupported(`It goes from ${least} to ${most} in this dialect.`);
    return undefined;
  };
  return {
    temperature: within('temperature', temperature, 0, 1),
    // 1 and 0 are what others call all tokens and the first one; the ends of the range here are as good as that.
    p: topP === undefined ? undefined : Math.min(MAX_P, Math.max(MIN_P, topP)),
    k: within('top_k', topK, 0, MAX_K),
    seed: within('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    frequency_penalty: within('frequency_penalty', frequencyPenalty || undefined, 0, 1),
    presence_penalty: within('presence_penalty', presencePenalty || undefined, 0, 1),
  };
}

/** Settings that this dialect has no field for, by the names that most clients know them by. */
function refuseSettings(request: ChatRequest, at: Writing): void {
  const refuse = (field: string, isSet: boolean): void => {
    if (isSet) at.at(field).unsupported('This dialect has no such field.');
  };
  refuse('n', (request.candidates ?? 1) !== 1);
  refuse('top_logprobs', (request.logprobs?.top ?? 0) > 0);
  refuse('metadata', Object.keys(request.metadata ?? {}).length > 0);
  const { serviceTier: tier } = request;
  // The one tier that there is has many names.
  refuse('service_tier', tier !== undefined && !['auto', 'default', 'standard', 'standard_only'].includes(tier));
  if (request.endUser !== undefined) at.at('user').warn('This dialect does not tell users apart.');
  if (request.cache !== undefined) {
    at.at('cache_control').warn('Cache marks of other dialects are left out: prompts are cached without them.');
  }
}
