/** The choices of an answer, whole or in a stream: `{index, text, logprobs, finish_reason}`. */
import type { JsonObject, Logprobs, Rest, Stop } from '@gatewright/core';
import { isObject, textOf } from '../json-value.ts';
import { restOf, unknownFields } from '../rest.ts';
import { encodeStop } from '../stop.ts';
import { COMPLETIONS } from './dialect-id.ts';

const FIELDS: ReadonlySet<string> = new Set(['index', 'text', 'finish_reason']);
/** The reasons that the API knows. */
const WORDS: ReadonlySet<string> = new Set(['stop', 'length', 'content_filter']);

/** What a choice says besides its text and its end: probabilities among it. */
export function restOfChoice(choice: JsonObject): Rest | undefined {
  return restOf(unknownFields(choice, FIELDS), COMPLETIONS);
}

/** The place of a choice among the candidates. */
export function indexOf(choice: JsonObject): number {
  return Number.isInteger(choice['index']) ? (choice['index'] as number) : 0;
}

/** The word for a stop: what chat has more words for is a stop like any other. */
export function wordOf(stop: Stop): string {
  const word = encodeStop(stop);
  return WORDS.has(word) ? word : 'stop';
}

/** Probabilities as chat has them, in the form that they have here; `offset` is where the first token begins. */
export function logprobsOf({ content }: Logprobs, offset: number): JsonObject | null {
  if (content === undefined || content === null || content.length === 0) return null;
  const tokens: string[] = [];
  const offsets: number[] = [];
  const probabilities: unknown[] = [];
  const top: JsonObject[] = [];
  let at = offset;
  for (const item of content) {
    if (!isObject(item)) continue;
    const token = textOf(item['token']) ?? '';
    tokens.push(token);
    offsets.push(at);
    probabilities.push(item['logprob'] ?? null);
    top.push(alternatives(item['top_logprobs']));
    at += token.length;
  }
  return { tokens, token_logprobs: probabilities, top_logprobs: top, text_offset: offsets };
}

function alternatives(value: unknown): JsonObject {
  const found: JsonObject = {};
  if (!Array.isArray(value)) return found;
  for (const item of value as unknown[]) if (isObject(item)) found[String(item['token'])] = item['logprob'];
  return found;
}
