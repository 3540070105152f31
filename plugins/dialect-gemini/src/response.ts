/** A whole answer: the `GenerateContentResponse` (https://ai.google.dev/api/generate-content#generatecontentresponse). */
import type { Candidate, ChatResponse, EncodeContext, JsonObject } from '@gatewright/core';
import { AnswerIds } from './call-ids.ts';
import { decodeCandidate, encodeCandidate } from './candidate.ts';
import { GENERATE } from './names.ts';
import { isMissing, Reading } from './reading.ts';
import { keeper, omit, restFields } from './rest.ts';
import { decodeBlock, encodeBlock } from './stop.ts';
import { decodeUsage, encodeUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

const KNOWN = ['candidates', 'usageMetadata', 'modelVersion', 'responseId', 'createTime'];

/** What an answer tells besides its candidates; the first chunk of a stream tells the same. */
export function decodeEnvelope(body: JsonObject, at: Reading): Omit<ChatResponse, 'candidates'> {
  const { modelVersion, responseId, createTime, promptFeedback } = body;
  const usage = decodeUsage(body['usageMetadata']);
  const tier = usage?.raw?.value['serviceTier'];
  const blocked = decodeBlock(promptFeedback) !== undefined;
  const created = typeof createTime === 'string' ? Date.parse(createTime) : Number.NaN;
  const absent = ['modelVersion', 'responseId'].filter((name) => isMissing(body[name]));
  const notes = { $createTime: createTime, $absent: absent.length === 0 ? undefined : absent };
  return {
    id: isMissing(responseId) ? '' : at.at('responseId').string(responseId),
    model: isMissing(modelVersion) ? '' : at.at('modelVersion').string(modelVersion),
    ...(Number.isNaN(created) ? {} : { created: Math.floor(created / 1000) }),
    ...(usage === undefined ? {} : { usage }),
    ...(typeof tier === 'string' ? { serviceTier: tier } : {}),
    // Always there, also when empty: it says that the answer was read in this dialect.
    rest: {
      dialect: GENERATE,
      fields: restFields(omit(body, ...KNOWN, ...(blocked ? ['promptFeedback'] : [])), notes),
    },
  };
}

/** Throws `GW_UPSTREAM_INVALID` where the body is no answer. A blocked prompt is one without content. */
export function decodeResponse(body: JsonObject): ChatResponse {
  const at = Reading.reply();
  const fields = at.fields(body);
  const envelope = decodeEnvelope(fields, at);
  const { candidates, promptFeedback, usageMetadata } = fields;
  if (isMissing(candidates) && isMissing(promptFeedback) && isMissing(usageMetadata)) {
    throw at.at('candidates').fail('is missing; it must be a list');
  }
  const blocked = decodeBlock(promptFeedback);
  const place = at.at('candidates');
  const list = isMissing(candidates) ? [] : place.list(candidates);
  if (blocked !== undefined && list.length === 0) {
    return { ...envelope, candidates: [{ index: 0, parts: [], stop: blocked }] };
  }
  const ids = new AnswerIds(envelope.id);
  return {
    ...envelope,
    candidates: list.map((candidate, index) => decodeCandidate(candidate, index, place.at(index), ids)),
  };
}

/** An answer without its candidates, as every chunk of a stream shows it. */
export function encodeEnvelope(response: Omit<ChatResponse, 'candidates'>, model: string): JsonObject {
  const createTime = response.rest?.dialect === GENERATE ? response.rest.fields['$createTime'] : undefined;
  return {
    modelVersion: model === '' ? response.model : model,
    ...(createTime === undefined ? {} : { createTime }),
    responseId: response.id,
  };
}

export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  const at = Writing.to('client', response.rest, context, keeper);
  const known: JsonObject = {
    ...encodeCandidates(response.candidates, at),
    ...(response.usage === undefined ? {} : { usageMetadata: encodeUsage(response.usage) }),
    ...encodeEnvelope(response, at.model),
  };
  return at.complete(known, response.rest);
}

function encodeCandidates(candidates: readonly Candidate[], at: Writing): JsonObject {
  const [first] = candidates;
  const promptFeedback = encodeBlock(first?.stop);
  if (promptFeedback !== undefined && first?.parts.length === 0) return { promptFeedback };
  return candidates.length === 0 && at.own
    ? {}
    : { candidates: candidates.map((candidate, index) => encodeCandidate(candidate, at.at('candidates').at(index))) };
}
