/** Reads a chat completion. */
import {
  GatewayError,
  type Candidate,
  type ChatResponse,
  type JsonObject,
  type Logprobs,
  type UpstreamError,
} from '@gatewright/core';
import { decodeAssistant } from './assistant.ts';
import { DIALECT } from './dialect-id.ts';
import { badReply, wrongType } from './fault.ts';
import { isObject, textOf, type Writable } from './json-value.ts';
import { QUIET } from './quiet-context.ts';
import { choiceOf, headOf, MESSAGE, messageOf } from './response-encode.ts';
import { setAside, unknownFields } from './rest.ts';
import { SPELLED, spellingOf } from './spelling.ts';
import { decodeStop } from './stop.ts';
import { isOpaqueCall } from './tool-calls.ts';
import { errorInside, errorOfChoice } from './upstream-error.ts';
import { decodeUsage } from './usage.ts';

const BODY_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'service_tier',
]);
const CHOICE_FIELDS: ReadonlySet<string> = new Set(['index', 'message', 'finish_reason', 'logprobs']);
/** Written back item by item, or from the target. */
const ITEMWISE: ReadonlySet<string> = new Set(['model', 'choices']);
const IN_CHOICE: ReadonlySet<string> = new Set(['message']);

/** The neutral form of an answer. Throws `GW_UPSTREAM_INVALID`, or `GW_UPSTREAM_ERROR` for an error that came as a success. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const error = errorInside(body);
  if (error !== undefined) throw upstreamFailure(error);
  const { choices } = body;
  if (!Array.isArray(choices)) throw wrongType(badReply, 'choices', 'an array', choices);
  const id = textOf(body['id']) ?? '';
  const fields = setAside(unknownFields(body, BODY_FIELDS));
  const response: Writable<ChatResponse> = {
    id,
    model: textOf(body['model']) ?? '',
    candidates: choices.map((choice, index) => decodeChoice(choice, index, id)),
  };
  if (typeof body['created'] === 'number') response.created = body['created'];
  const usage = decodeUsage(body['usage']);
  if (usage !== undefined) response.usage = usage;
  const tier = textOf(body['service_tier']);
  if (tier !== undefined) response.serviceTier = tier;
  // The rest says that the answer came in this dialect, so it is always there.
  response.rest = { dialect: DIALECT, fields };
  const spelled = spellingOf(body, headOf(response, QUIET), ITEMWISE);
  if (spelled !== undefined) fields[SPELLED] = spelled;
  return response;
}

function upstreamFailure(upstream: UpstreamError): GatewayError {
  return new GatewayError('GW_UPSTREAM_ERROR', upstream.message, { status: upstream.status, upstream });
}

function decodeChoice(choice: unknown, position: number, id: string): Candidate {
  const path = `choices[${position}]`;
  if (!isObject(choice)) throw wrongType(badReply, path, 'an object', choice);
  const failure = errorOfChoice(choice);
  if (failure !== undefined) throw upstreamFailure(failure);
  const { message } = choice;
  if (!isObject(message)) throw wrongType(badReply, `${path}.message`, 'an object', message);
  const index = Number.isInteger(choice['index']) ? (choice['index'] as number) : position;
  const callId = `call_${id === '' ? index : `${id}_${index}`}`;
  const ids = { call: (call: number) => `${callId}_${call}`, functionCall: callId };
  const { parts, unknown } = decodeAssistant(message, `${path}.message`, badReply, ids);
  const fields = unknownFields(choice, CHOICE_FIELDS);
  if (Object.keys(unknown).length > 0) fields['message'] = unknown;
  const candidate: Writable<Candidate> = { index, parts };
  const hasCalls = parts.some((part) => part.type === 'tool-call' || isOpaqueCall(part));
  const stop = decodeStop(choice, hasCalls);
  if (stop !== undefined) candidate.stop = stop;
  const logprobs = decodeLogprobs(choice['logprobs']);
  if (logprobs !== undefined) candidate.logprobs = logprobs;
  else if (isObject(choice['logprobs'])) fields['logprobs'] = choice['logprobs'];
  if (Object.keys(fields).length > 0) candidate.rest = { dialect: DIALECT, fields };
  const spelled = spellingOf(choice, choiceOf(candidate), IN_CHOICE);
  if (spelled !== undefined) fields[SPELLED] = spelled;
  const messageSpelled = spellingOf(message, messageOf(candidate, path, QUIET));
  if (messageSpelled !== undefined) fields[MESSAGE] = messageSpelled;
  if (Object.keys(fields).length > 0) candidate.rest = { dialect: DIALECT, fields };
  return candidate;
}

/** Log probabilities in the API's form; undefined for anything else. */
export function decodeLogprobs(value: unknown): Logprobs | undefined {
  if (!isObject(value)) return undefined;
  const { content, refusal } = value;
  const logprobs: Writable<Logprobs> = {};
  if (Array.isArray(content)) logprobs.content = content;
  if (Array.isArray(refusal)) logprobs.refusal = refusal;
  return Object.keys(logprobs).length === 0 ? undefined : logprobs;
}
