/** Reads an answer. */
import {
  GatewayError,
  type Candidate,
  type ChatResponse,
  type JsonObject,
  type Part,
  type UpstreamError,
} from '@gatewright/core';
import { wrongType } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { QUIET } from '../quiet-context.ts';
import { SPELLED, spellingOf } from '../spelling.ts';
import { errorInside } from '../upstream-error.ts';
import { RESPONSES } from './dialect-id.ts';
import { badReply } from './fault.ts';
import { decodeItem } from './item-decode.ts';
import { echoed, headOf } from './response-head.ts';
import { decodeStatus } from './status.ts';
import { decodeUsage } from './usage.ts';

const ITEMWISE: ReadonlySet<string> = new Set(['model', 'output']);

/** The neutral form of an answer. Throws `GW_UPSTREAM_INVALID`, or `GW_UPSTREAM_ERROR` for an error that came as a success. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const error = failureOf(body);
  if (error !== undefined)
    throw new GatewayError('GW_UPSTREAM_ERROR', error.message, { status: error.status, upstream: error });
  const response: Writable<ChatResponse> = { ...headFields(body), candidates: [] };
  const candidate = decodeOutput(body);
  response.candidates = [candidate];
  const usage = decodeUsage(body['usage']);
  if (usage !== undefined) response.usage = usage;
  const head = headOf({ response, stop: candidate.stop, usage }, response.model, QUIET);
  const spelled = spellingOf(body, head, ITEMWISE);
  if (spelled !== undefined)
    response.rest = { dialect: RESPONSES, fields: { ...response.rest?.fields, [SPELLED]: spelled } };
  return response;
}

/** What an answer tells of itself, whole or at the beginning of a stream. */
export function headFields(body: JsonObject): Omit<ChatResponse, 'candidates'> {
  const head: Writable<Omit<ChatResponse, 'candidates'>> = {
    id: textOf(body['id']) ?? '',
    model: textOf(body['model']) ?? '',
    // The rest says that the answer came in this dialect, so it is always there.
    rest: { dialect: RESPONSES, fields: echoed(body) },
  };
  if (typeof body['created_at'] === 'number') head.created = body['created_at'];
  const tier = textOf(body['service_tier']);
  if (tier !== undefined) head.serviceTier = tier;
  return head;
}

function decodeOutput(body: JsonObject): Candidate {
  const { output } = body;
  if (!Array.isArray(output)) throw wrongType(badReply, 'output', 'an array', output);
  const parts = output.flatMap((item, index) => decodeItem(item, `output[${index}]`, badReply).parts);
  const candidate: Writable<Candidate> = { index: 0, parts };
  const stop = decodeStatus(body['status'], body['incomplete_details'], parts.some(isCall));
  if (stop !== undefined) candidate.stop = stop;
  const logprobs = output.flatMap(logprobsOf);
  if (logprobs.length > 0) candidate.logprobs = { content: logprobs };
  candidate.rest = { dialect: RESPONSES, fields: {} };
  return candidate;
}

function logprobsOf(item: unknown): unknown[] {
  const content = isObject(item) && item['type'] === 'message' ? item['content'] : undefined;
  if (!Array.isArray(content)) return [];
  return (content as unknown[]).flatMap((part) =>
    isObject(part) && Array.isArray(part['logprobs']) ? (part['logprobs'] as unknown[]) : [],
  );
}

/** Types of items that the client has to answer. */
export const CALL_TYPES: ReadonlySet<unknown> = new Set([
  'function_call',
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'apply_patch_call',
]);

/** Whether a part is a call that the client has to answer. */
export function isCall(part: Part): boolean {
  return part.type === 'tool-call' || (part.type === 'opaque' && CALL_TYPES.has(part.value['type']));
}

/** Codes of errors that the client caused, or that time heals; all others are the provider's own fault. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['rate_limit_exceeded', 429],
  ['insufficient_quota', 429],
  ['invalid_prompt', 400],
  ['context_length_exceeded', 400],
  ['image_content_policy_violation', 400],
]);

/** The error of an answer that failed, or of a body that is one; undefined where there is none. */
export function failureOf(body: JsonObject): UpstreamError | undefined {
  const { error, status } = body;
  const inside = errorInside(body);
  if (inside === undefined) {
    return status === 'failed'
      ? { status: 502, message: 'The provider failed to answer and did not say why.' }
      : undefined;
  }
  const code = isObject(error) ? textOf(error['code']) : undefined;
  const known = code === undefined ? undefined : (STATUSES.get(code) ?? (code.includes('image') ? 400 : undefined));
  return known === undefined ? inside : { ...inside, status: known };
}
