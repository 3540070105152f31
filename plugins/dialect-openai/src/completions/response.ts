/** Continued texts: `{id, object: 'text_completion', created, model, choices, usage}`. */
import {
  GatewayError,
  type Candidate,
  type ChatResponse,
  type EncodeContext,
  type JsonObject,
  type Part,
} from '@gatewright/core';
import { replyFault, wrongType } from '../fault.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { addOwnFields, ownFields, refuseForeign, unknownFields } from '../rest.ts';
import { decodeStop } from '../stop.ts';
import { errorInside } from '../upstream-error.ts';
import { decodeUsage, encodeUsage } from '../usage.ts';
import { indexOf, logprobsOf, restOfChoice, wordOf } from './choice.ts';
import { COMPLETIONS } from './dialect-id.ts';

const badReply = replyFault('a completion');

const BODY_FIELDS: ReadonlySet<string> = new Set(['id', 'object', 'created', 'model', 'choices', 'usage']);

/** The neutral form of an answer. Throws `GW_UPSTREAM_INVALID`, or `GW_UPSTREAM_ERROR` for an error that came as a success. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const error = errorInside(body);
  if (error !== undefined) throw new GatewayError('GW_UPSTREAM_ERROR', error.message, { upstream: error });
  const { choices } = body;
  if (!Array.isArray(choices)) throw wrongType(badReply, 'choices', 'an array', choices);
  const response: Writable<ChatResponse> = {
    id: textOf(body['id']) ?? '',
    model: textOf(body['model']) ?? '',
    candidates: choices.map(decodeChoice),
    rest: { dialect: COMPLETIONS, fields: unknownFields(body, BODY_FIELDS) },
  };
  if (typeof body['created'] === 'number') response.created = body['created'];
  const usage = decodeUsage(body['usage']);
  if (usage !== undefined) response.usage = usage;
  return response;
}

function decodeChoice(choice: unknown, at: number): Candidate {
  if (!isObject(choice)) throw wrongType(badReply, `choices[${at}]`, 'an object', choice);
  const { text } = choice;
  if (typeof text !== 'string') throw wrongType(badReply, `choices[${at}].text`, 'a string', text);
  const stop = decodeStop(choice, false);
  const rest = restOfChoice(choice);
  return {
    index: indexOf(choice),
    parts: [{ type: 'text', text }],
    ...(stop === undefined ? {} : { stop }),
    ...(rest === undefined ? {} : { rest }),
  };
}

/** The body of an answer, which may be a chat's. */
export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  const { id, created, candidates, usage, rest } = response;
  refuseForeign(rest, '', context, COMPLETIONS);
  const body: JsonObject = {
    id,
    object: 'text_completion',
    // Zero where the other dialect does not tell: the API wants a number.
    created: created ?? 0,
    model: context.model,
    choices: candidates.map((candidate) => encodeChoice(candidate, context)),
  };
  if (usage !== undefined) body['usage'] = encodeUsage(usage);
  addOwnFields(body, rest, COMPLETIONS);
  return body;
}

function encodeChoice({ index, parts, stop, logprobs, rest }: Candidate, context: EncodeContext): JsonObject {
  const own = ownFields(rest, COMPLETIONS);
  refuseForeign(rest, `choices[${index}]`, context, COMPLETIONS);
  return {
    text: parts.map((part) => textOfPart(part, context)).join(''),
    index,
    logprobs: own['logprobs'] ?? (logprobs === undefined ? null : logprobsOf(logprobs, 0)),
    finish_reason: stop === undefined ? null : wordOf(stop),
    ...own,
  };
}

/** What of a chat's answer is text. Thinking is said to be left out; whatever a model says instead of an answer is its answer. */
export function textOfPart(part: Part, context: EncodeContext): string {
  if (part.type === 'text' || part.type === 'refusal') return part.text;
  context.warn(`a ${part.type} of the answer`, 'a completion has text only');
  return '';
}
