/** Requests to continue a text: `{model, prompt, suffix, max_tokens, …}`. */
import type { CompletionPrompt, CompletionRequest, DecodeContext, EncodeContext, JsonObject } from '@gatewright/core';
import { badRequest, wrongType } from '../fault.ts';
import { isObject, isTokens, isVoid, type Writable } from '../json-value.ts';
import { modelOf } from '../plain-codec.ts';
import { Reader } from '../reader.ts';
import { addOwnFields, ownFields, refuseForeign } from '../rest.ts';
import { readStop } from '../settings-decode.ts';
import { COMPLETIONS } from './dialect-id.ts';

/** The note that the one prompt came alone, not in an array. */
const ALONE = '$alone';
/** The note that holds the stream options besides the one for usage. */
const STREAM_OPTIONS = '$streamOptions';

/** The neutral names of the settings that are numbers, and the wire's. */
const NUMBERS = [
  ['maxOutput', 'max_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['seed', 'seed'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['candidates', 'n'],
  ['bestOf', 'best_of'],
  ['logprobs', 'logprobs'],
] as const satisfies readonly [keyof CompletionRequest, string][];

/** The neutral form of a request. Throws `GW_BAD_REQUEST` with the path of what is wrong in `param`. */
export function decodeRequest(body: JsonObject, context?: DecodeContext): CompletionRequest {
  const reader = new Reader(body, '', badRequest);
  const prompt = reader.take('prompt');
  const request: Writable<CompletionRequest> = {
    model: modelOf(reader, context),
    prompts: promptsOf(prompt),
    stream: reader.boolean('stream') === true,
  };
  for (const [name, key] of NUMBERS) {
    const value = reader.number(key);
    if (value !== undefined) request[name] = value;
  }
  const suffix = reader.string('suffix');
  if (suffix !== undefined) request.suffix = suffix;
  if (reader.boolean('echo') === true) request.echo = true;
  const stop = readStop(reader.take('stop'));
  if (stop.length > 0) request.stop = stop;
  const user = reader.string('user');
  if (user !== undefined) request.endUser = user;
  const { include_usage: usage, ...options } = reader.object('stream_options') ?? {};
  if (usage === true) request.streamUsage = true;
  const fields = reader.unknown();
  if (isVoid(fields['logit_bias'])) delete fields['logit_bias'];
  if (!isVoid(options)) fields[STREAM_OPTIONS] = options;
  if (!Array.isArray(prompt) || isTokens(prompt)) fields[ALONE] = true;
  // A rest is always there: it says that the request came in this dialect.
  request.rest = { dialect: COMPLETIONS, fields };
  return request;
}

/** A request without a prompt begins a new document. */
function promptsOf(prompt: unknown): CompletionPrompt[] {
  if (prompt === undefined) return [];
  if (!Array.isArray(prompt) || isTokens(prompt)) return [promptOf(prompt, 'prompt')];
  return prompt.map((item, index) => promptOf(item, `prompt[${index}]`));
}

function promptOf(value: unknown, path: string): CompletionPrompt {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (isTokens(value)) return { kind: 'tokens', tokens: value };
  throw wrongType(badRequest, path, 'a string, an array of strings, or an array of token ids', value);
}

/** The body of a request. */
export function encodeRequest(request: CompletionRequest, context: EncodeContext): JsonObject {
  const notes = ownFields(request.rest, COMPLETIONS);
  const body: JsonObject = { model: context.model };
  const prompts = request.prompts.map((prompt) => (prompt.kind === 'text' ? prompt.text : prompt.tokens));
  if (prompts.length > 0) body['prompt'] = notes[ALONE] === true && prompts.length === 1 ? prompts[0] : prompts;
  for (const [name, key] of NUMBERS) {
    if (request[name] !== undefined) body[key] = request[name];
  }
  if (request.suffix !== undefined) body['suffix'] = request.suffix;
  if (request.echo === true) body['echo'] = true;
  if (request.stop !== undefined) body['stop'] = [...request.stop];
  if (request.endUser !== undefined) body['user'] = request.endUser;
  if (request.stream) writeStream(request, notes[STREAM_OPTIONS], body);
  refuseForeign(request.rest, '', context, COMPLETIONS);
  addOwnFields(body, request.rest, COMPLETIONS);
  return body;
}

function writeStream({ streamUsage }: CompletionRequest, others: unknown, body: JsonObject): void {
  body['stream'] = true;
  const options = { ...(isObject(others) ? others : {}), ...(streamUsage === true ? { include_usage: true } : {}) };
  if (!isVoid(options)) body['stream_options'] = options;
}
