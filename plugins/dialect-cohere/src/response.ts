/** A whole answer. */
import type { Candidate, ChatResponse, EncodeContext, JsonObject, Part } from '@gatewright/core';
import { decodeAnswer, encodeAnswer } from './answer.ts';
import { decodeLogprobs, encodeLogprobs } from './logprobs.ts';
import { CHAT } from './names.ts';
import { isMissing, Reading } from './reading.ts';
import { compact, hint, keeper, omit, restFields } from './rest.ts';
import { decodeStop, encodeReason } from './stop.ts';
import { decodeUsage, encodeUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

/** Fields that are always written. */
const ALWAYS = ['id', 'finish_reason', 'usage'];

/** The answer does not name its model. Throws `GW_UPSTREAM_INVALID` where the body is no answer. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const at = Reading.reply();
  const message = at.at('message').object(body['message']);
  const { parts, rest } = decodeAnswer(message, at.at('message'));
  const stop = decodeStop(body['finish_reason']);
  const usage = decodeUsage(body['usage']);
  const logprobs = decodeLogprobs(body['logprobs']);
  const absent = ALWAYS.filter((key) => !(key in body));
  const role = 'role' in message ? undefined : 'absent';
  const hints = {
    $absent: absent.length === 0 ? undefined : absent,
    // An item may be of several tokens, which the neutral form does not tell apart.
    $logprobs: isMissing(body['logprobs']) ? undefined : body['logprobs'],
  };
  const candidate: Candidate = {
    index: 0,
    parts,
    ...(stop === undefined ? {} : { stop }),
    ...(logprobs === undefined ? {} : { logprobs }),
    rest: { dialect: CHAT, fields: { ...rest?.fields, ...(role === undefined ? {} : { $role: role }) } },
  };
  return {
    id: isMissing(body['id']) ? '' : at.at('id').string(body['id']),
    model: '',
    candidates: [candidate],
    ...(usage === undefined ? {} : { usage }),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: { dialect: CHAT, fields: restFields(body, omit(body, ...ALWAYS, 'message', 'logprobs'), hints) },
  };
}

export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context, keeper);
  const [candidate, ...others] = response.candidates;
  if (others.length > 0) at.at('choices').unsupported('An answer of this dialect is one message.');
  const parts: readonly Part[] = candidate?.parts ?? [];
  const answer: JsonObject = { role: 'assistant', ...encodeAnswer(parts, candidate?.rest, at) };
  if (hint(candidate?.rest, '$role') === 'absent') delete answer['role'];
  at.refuse(candidate?.stop?.rest);
  const known: JsonObject = compact({
    id: response.id,
    message: at.complete(answer, candidate?.rest),
    finish_reason: encodeReason(
      candidate?.stop,
      parts.map((part) => part.type),
    ),
    usage: at.own && response.usage === undefined ? undefined : encodeUsage(response.usage),
    logprobs: logprobsOf(response, candidate, at),
  });
  return at.complete(known, response.rest);
}

/** As they came, where they still say what they said. */
function logprobsOf(response: ChatResponse, candidate: Candidate | undefined, at: Writing): unknown {
  const came = hint(response.rest, '$logprobs');
  const now = candidate?.logprobs;
  const before = decodeLogprobs(came);
  if (came !== undefined && JSON.stringify(before) === JSON.stringify(now)) return came;
  return encodeLogprobs(now, at);
}
