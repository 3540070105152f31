/** Writes the neutral request as the body of a chat. */
import type { ChatRequest, EncodeContext, JsonObject } from '@gatewright/core';
import { encodeMessages, markLast } from './messages.ts';
import { encodeModelFields } from './model-fields.ts';
import { compact, keeper, restoreNested } from './rest.ts';
import { encodeOutput } from './output-config.ts';
import { encodeTools } from './tools.ts';
import { Writing } from '@gatewright/core/wire';

/** Nothing of the model, and nothing of a stream, stands in the body: that is the path's business. */
export function encodeRequest(request: ChatRequest, context: EncodeContext): JsonObject {
  const at = Writing.to('provider', request.rest, context, keeper);
  refuseSettings(request, at);
  const { system, messages } = encodeMessages(request.messages, at.at('messages'));
  markLast(messages, request.cache);
  const known = compact({
    system,
    messages,
    inferenceConfig: inferenceConfig(request, at),
    toolConfig: encodeTools(request, at),
    outputConfig: encodeOutput(request, at),
    additionalModelRequestFields: encodeModelFields(request, at),
    requestMetadata: metadata(request, at),
    serviceTier: serviceTier(request, at),
  });
  return at.complete(known, request.rest);
}

function inferenceConfig(request: ChatRequest, at: Writing): JsonObject | undefined {
  const { maxOutput, temperature, topP, stop } = request;
  const tooHot = !at.own && temperature !== undefined && temperature > 1;
  if (tooHot) at.at('temperature').unsupported('It goes from 0 to 1 in this dialect.');
  const known = compact({
    maxTokens: maxOutput,
    temperature: tooHot ? undefined : temperature,
    topP,
    stopSequences: stop === undefined || (stop.length === 0 && !at.own) ? undefined : stop,
  });
  return restoreNested('inferenceConfig', known, request.rest);
}

/** What a value of the metadata may be (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html). */
const METADATA_VALUE = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;

/** The end user has no field of their own here, but invocation logs can be filtered by the metadata. */
function metadata({ metadata, endUser }: ChatRequest, at: Writing): JsonObject | undefined {
  if (endUser === undefined) return metadata;
  if (METADATA_VALUE.test(endUser)) return { ...metadata, user: endUser };
  at.at('user').unsupported('This dialect takes up to 256 letters, digits and simple signs.');
  return metadata;
}

/** The tiers are `default`, `flex`, `priority` and `reserved`; `auto` and `standard_only` are what others call the first. */
function serviceTier({ serviceTier: tier }: ChatRequest, at: Writing): JsonObject | undefined {
  if (tier === undefined || (tier === 'auto' && !at.own)) return undefined;
  if (at.own || ['default', 'flex', 'priority', 'reserved'].includes(tier)) return { type: tier };
  if (tier === 'standard_only') return { type: 'default' };
  at.at('service_tier').unsupported(`This dialect has no tier "${tier}".`);
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
}
