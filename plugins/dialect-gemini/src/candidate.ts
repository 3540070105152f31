/** One answer of several: an entry of `candidates`. */
import type { Candidate, JsonObject, Part } from '@gatewright/core';
import type { CallIds } from './call-ids.ts';
import { decodeLogprobs, encodeLogprobs } from './logprobs.ts';
import { decodeParts } from './part-reader.ts';
import { encodeParts } from './part-writer.ts';
import { isMissing, type Reading } from './reading.ts';
import { compact, note, omit, restore, withRest } from './rest.ts';
import { decodeStop, encodeReason } from './stop.ts';
import type { Writing } from '@gatewright/core/wire';

/** Fields of a candidate that have a place of their own in the neutral form. */
const KNOWN: ReadonlySet<string> = new Set(['content', 'finishReason', 'index', 'logprobsResult']);

/** Fields that say nothing that another dialect's clients would miss. */
const MINOR: ReadonlySet<string> = new Set(['avgLogprobs', 'tokenCount', 'finishMessage']);

export interface Besides {
  /** Fields that are worth a warning where they are lost. */
  readonly others: JsonObject;
  readonly extra: JsonObject;
}

/** The fields of a candidate beside its content and its stop; undefined where there are none. */
export function besides(candidate: JsonObject): Besides | undefined {
  let found: Besides | undefined;
  for (const key in candidate) {
    if (KNOWN.has(key)) continue;
    found ??= { others: {}, extra: {} };
    found[MINOR.has(key) ? 'extra' : 'others'][key] = candidate[key];
  }
  return found;
}

/** Whether the model called a function of the client's. */
export function hasCalls(parts: readonly Part[]): boolean {
  return parts.some((part) => part.type === 'tool-call');
}

export function decodeCandidate(value: unknown, position: number, at: Reading, ids: CallIds): Candidate {
  const candidate = at.fields(value);
  const { content, finishReason, index, logprobsResult } = candidate;
  const place = at.at('content');
  const fields = isMissing(content) ? undefined : place.fields(content);
  const listed = fields?.['parts'];
  const parts = isMissing(listed) ? [] : decodeParts(listed, place.at('parts'), ids);
  const { others = {}, extra = {} } = besides(candidate) ?? {};
  const notes = {
    $extra: Object.keys(extra).length === 0 ? undefined : extra,
    $absent: absent(candidate),
    $content: contentNote(fields),
    $logprobsResult: logprobsResult,
  };
  const stop = decodeStop(finishReason, hasCalls(parts), others, {});
  const logprobs = decodeLogprobs(logprobsResult);
  return {
    index: isMissing(index) ? position : at.at('index').integer(index),
    parts,
    ...(stop === undefined ? {} : { stop }),
    ...(logprobs === undefined ? {} : { logprobs }),
    // Also of the stop: where a whole answer becomes a stream, only that is carried over.
    ...withRest(others, notes),
  };
}

function absent(candidate: JsonObject): string[] | undefined {
  const names = ['index', 'content'].filter((name) => isMissing(candidate[name]));
  return names.length === 0 ? undefined : names;
}

/** What is odd about a content: other fields, no role, no parts. */
function contentNote(fields: JsonObject | undefined): JsonObject | undefined {
  if (fields === undefined) return undefined;
  const gone = ['role', 'parts'].filter((name) => isMissing(fields[name]));
  const left = omit(fields, 'role', 'parts');
  if (fields['role'] === 'model' && gone.length === 0 && Object.keys(left).length === 0) return undefined;
  return compact({ ...left, $role: fields['role'], $absent: gone.length === 0 ? undefined : gone });
}

/** The content of an answer, with what is odd about it. */
export function encodeContent(parts: readonly JsonObject[], odd: JsonObject | undefined): JsonObject {
  return restore({ parts, role: odd?.['$role'] ?? 'model' }, odd);
}

export function encodeCandidate(candidate: Candidate, at: Writing): JsonObject {
  const { index, parts, stop, logprobs, rest } = candidate;
  const encoded = encodeParts(parts, at.at('content'), new Map());
  const known = compact({
    content: encodeContent(encoded, note(rest, '$content') as JsonObject | undefined),
    finishReason: stop === undefined ? undefined : encodeReason(stop),
    index,
    logprobsResult: note(rest, '$logprobsResult') ?? encodeLogprobs(logprobs),
  });
  // An answer that was cut before it began has no content.
  if (encoded.length === 0 && !at.own) delete known['content'];
  return at.complete(at.complete(known, rest), stop?.rest);
}
