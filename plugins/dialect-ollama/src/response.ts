/** A whole answer, which is the same as the last line of a stream. */
import { randomBytes } from 'node:crypto';
import type { ChatResponse, EncodeContext, JsonObject } from '@gatewright/core';
import { decodeCalls, decodeContent } from './messages-reader.ts';
import { encodeParts, fieldsOf } from './messages-writer.ts';
import { CHAT } from './names.ts';
import { isMissing, Place } from './reading.ts';
import { kept, omit } from './rest.ts';
import { decodeStop, encodeStop } from './stop.ts';
import { decodeUsage, encodeUsage, USAGE_FIELDS } from './usage.ts';

const KNOWN: ReadonlySet<string> = new Set(['model', 'created_at', 'message', 'done', 'done_reason', ...USAGE_FIELDS]);

/** An id for a call: older servers give none, and results must find their calls. */
export function callId(given: unknown): string {
  return typeof given === 'string' && given !== '' ? given : `call_${randomBytes(9).toString('base64url')}`;
}

/** What an answer tells besides its message; every line of a stream tells it. There are no ids. */
export function decodeEnvelope(body: JsonObject, at: Place): Omit<ChatResponse, 'candidates'> {
  const { model, created_at: createdAt } = body;
  const created = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  const note = typeof createdAt === 'string' ? { $createdAt: createdAt } : {};
  return {
    id: '',
    model: isMissing(model) ? '' : at.at('model').string(model),
    ...(Number.isNaN(created) ? {} : { created: Math.floor(created / 1000) }),
    rest: { dialect: CHAT, fields: { ...omit(body, KNOWN), ...note } },
  };
}

/** Throws `GW_UPSTREAM_INVALID` where the body is no answer. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const at = new Place('reply');
  const place = at.at('message');
  const message = place.object(body['message']);
  const calls = decodeCalls(message['tool_calls'], place.at('tool_calls'), callId);
  const usage = decodeUsage(body);
  return {
    ...decodeEnvelope(body, at),
    candidates: [
      {
        index: 0,
        parts: [...decodeContent(message, place), ...calls],
        stop: decodeStop(body['done_reason'], calls.length > 0),
      },
    ],
    ...(usage === undefined ? {} : { usage }),
  };
}

/** What stands in front of every message. A time that nobody told is the beginning of time. */
export function encodeEnvelope(
  { model, created = 0, rest }: Omit<ChatResponse, 'candidates'>,
  name: string,
): JsonObject {
  const told = rest?.dialect === CHAT ? rest.fields['$createdAt'] : undefined;
  return { model: name === '' ? model : name, created_at: told ?? new Date(created * 1000).toISOString() };
}

export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  const [first, second] = response.candidates;
  if (second !== undefined) context.unsupported('choices.1', 'This dialect has one answer.');
  if (first?.logprobs !== undefined) context.warn('choices.0.logprobs', 'This dialect has none.');
  const written = encodeParts(first?.parts ?? [], 'choices.0', context, true);
  return {
    ...encodeEnvelope(response, context.model),
    message: fieldsOf(written, 'assistant'),
    done: true,
    done_reason: encodeStop(first?.stop),
    ...encodeUsage(response.usage),
    ...kept(response.rest, '', context),
  };
}
