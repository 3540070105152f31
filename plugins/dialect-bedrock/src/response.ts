/** A whole answer. */
import type { Candidate, ChatResponse, EncodeContext, JsonObject, Part } from '@gatewright/core';
import { decodeParts } from './block-reader.ts';
import { encodeParts } from './block-writer.ts';
import { CONVERSE } from './names.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { compact, keeper, omit, restFields, withRest } from './rest.ts';
import { decodeStop, encodeReason } from './stop.ts';
import { decodeUsage, encodeUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

const EXTRA = 'additionalModelResponseFields';

/** The answer has neither an id nor a model name. Throws `GW_UPSTREAM_INVALID` where the body is no answer. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const at = Reading.reply();
  const { output, usage: counts, metrics } = body;
  const place = at.at('output').at('message');
  const message = place.object(at.at('output').object(output)['message']);
  const extra = body[EXTRA];
  const stop = decodeStop(body['stopReason'], extra === undefined ? {} : { [EXTRA]: extra });
  const usage = decodeUsage(counts);
  const { serviceTier } = readTier(body['serviceTier']);
  const known = ['output', 'stopReason', 'usage', 'metrics', ...(stop === undefined ? [] : [EXTRA])];
  const left = omit(body, ...known, ...(serviceTier === undefined ? [] : ['serviceTier']));
  const hints = { $extra: metrics === undefined ? undefined : { metrics }, $absent: absent(body) };
  const candidate: Candidate = {
    index: 0,
    parts: decodeParts(message['content'], place.at('content')),
    ...(stop === undefined ? {} : { stop }),
    ...withRest(message, omit(message, 'role', 'content'), {
      $role: message['role'] === undefined ? 'absent' : undefined,
    }),
  };
  return {
    id: '',
    model: '',
    candidates: [candidate],
    ...(usage === undefined ? {} : { usage }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: { dialect: CONVERSE, fields: restFields(body, left, hints) },
  };
}

function absent(body: JsonObject): string[] | undefined {
  const names = ['stopReason', 'usage', 'metrics'].filter((name) => body[name] === undefined);
  return names.length === 0 ? undefined : names;
}

/** The tier of an answer, where it is told in the form that the neutral one can hold. */
function readTier(tier: unknown): { serviceTier?: string } {
  const isPlain = isObject(tier) && Object.keys(tier).length === 1 && typeof tier['type'] === 'string';
  return isPlain ? { serviceTier: tier['type'] as string } : {};
}

const TIERS: ReadonlySet<string> = new Set(['default', 'flex', 'priority', 'reserved']);

/** The tier as JSON; undefined where this dialect has no such one. */
export function encodeTier(tier: string | undefined, own: boolean): JsonObject | undefined {
  if (tier === undefined || (!own && !TIERS.has(tier))) return undefined;
  return { type: tier };
}

export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context, keeper);
  const [candidate, ...others] = response.candidates;
  if (others.length > 0) at.at('choices').unsupported('An answer of this dialect is one message.');
  if (candidate?.logprobs !== undefined) at.at('logprobs').unsupported('This dialect has no log probabilities.');
  const parts: readonly Part[] = candidate?.parts ?? [];
  const message = { role: 'assistant', content: encodeParts(parts, at.at('content')) };
  const types = parts.map((part) => part.type);
  const isBare = candidate?.rest?.dialect === CONVERSE && !isMissing(candidate.rest.fields['$role']);
  const known: JsonObject = compact({
    output: { message: at.complete(isBare ? omit(message, 'role') : message, candidate?.rest) },
    stopReason: encodeReason(candidate?.stop, types),
    ...at.complete({}, candidate?.stop?.rest),
    usage: encodeUsage(response.usage),
    serviceTier: encodeTier(response.serviceTier, at.own),
  });
  // The gateway does not know how long the model took; clients expect the field.
  if (!at.own) known['metrics'] = { latencyMs: 0 };
  return at.complete(known, response.rest);
}
