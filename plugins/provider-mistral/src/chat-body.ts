/** A chat request as Mistral takes it: OpenAI's dialect, with other names for some settings and none for others. */
import type { EncodeContext, JsonObject } from '@gatewright/core';
import { isObject, messageFor } from './message.ts';

/** Ours, and theirs (https://docs.mistral.ai/api/endpoint/chat). */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['max_completion_tokens', 'max_tokens'],
  ['seed', 'random_seed'],
]);

/** What changes nothing about the answer, and is left out with a warning. */
const HINTS: ReadonlySet<string> = new Set(['user', 'safety_identifier', 'store', 'prompt_cache_retention']);

/** What would change the answer, and cannot be had. */
const MISSING: ReadonlySet<string> = new Set([
  'audio',
  'function_call',
  'functions',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'verbosity',
  'web_search_options',
]);

/** What the defaults are called: to ask for them is to ask for nothing. */
const TIERS: ReadonlyMap<unknown, string> = new Map([
  ['auto', 'auto'],
  ['standard_only', 'standard_only'],
  ['default', 'standard_only'],
]);

/** The body without what Mistral does not know. Usage is always in the last chunk of a stream, so it is not asked for. */
export function chatBody(body: JsonObject, context: EncodeContext, safePrompt: boolean): JsonObject {
  const result: JsonObject = {};
  for (const [field, value] of Object.entries(body)) {
    if (field === 'stream_options' || (value === null && NAMES.get(field) === undefined)) continue;
    const name = NAMES.get(field) ?? field;
    if (HINTS.has(field)) context.warn(field, 'Mistral does not know this field.');
    else if (MISSING.has(field)) refuse(field, value, context);
    else if (name === field || !Object.hasOwn(body, name)) setField(result, name, value, context);
  }
  if (safePrompt) result['safe_prompt'] ??= true;
  return result;
}

function refuse(field: string, value: unknown, context: EncodeContext): void {
  if (value !== false) context.unsupported(field, 'Mistral does not know this field.');
}

function setField(result: JsonObject, name: string, value: unknown, context: EncodeContext): void {
  switch (name) {
    case 'messages':
      result[name] = Array.isArray(value) ? messages(value, context) : value;
      break;
    case 'tool_choice':
      result[name] = value === 'required' ? 'any' : value;
      break;
    case 'service_tier': {
      const tier = TIERS.get(value);
      if (tier === undefined) context.unsupported(name, 'Mistral has the tiers "auto" and "standard_only" alone.');
      else result[name] = tier;
      break;
    }
    case 'modalities':
      if (Array.isArray(value) && value.some((one) => one !== 'text'))
        context.unsupported(name, 'Mistral answers with text alone.');
      break;
    default:
      result[name] = value;
  }
}

/** An answer that was begun is gone on with only where it says so itself; without, Mistral refuses it as the last message. */
function messages(list: readonly unknown[], context: EncodeContext): unknown[] {
  const taken = list.map((message) => (isObject(message) ? messageFor(message, context) : message));
  const last = taken.at(-1);
  if (
    isObject(last) &&
    last['role'] === 'assistant' &&
    last['tool_calls'] === undefined &&
    last['prefix'] === undefined
  )
    taken[taken.length - 1] = { ...last, prefix: true };
  return taken;
}
