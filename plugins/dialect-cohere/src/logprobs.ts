/** Log probabilities: this dialect's chunks of text, and the neutral form, which is OpenAI's tokens. */
import type { JsonObject, Logprobs } from '@gatewright/core';
import { isObject } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

/**
 * Undefined where there are none. A chunk may be several tokens, whose texts the API does not tell apart: the chunk's
 * own log probability is the sum of theirs.
 */
export function decodeLogprobs(items: unknown): Logprobs | undefined {
  const list: unknown[] = Array.isArray(items) ? items : [items];
  const content = list.filter(isObject).map((item) => {
    const text = typeof item['text'] === 'string' ? item['text'] : '';
    const values: unknown[] = Array.isArray(item['logprobs']) ? item['logprobs'] : [];
    const logprob = values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0);
    return { token: text, logprob, bytes: [...Buffer.from(text)], top_logprobs: [] };
  });
  return content.length === 0 ? undefined : { content };
}

/** Undefined where there are none. */
export function encodeLogprobs(logprobs: Logprobs | undefined, at: Writing): JsonObject[] | undefined {
  const items = logprobs?.content?.filter(isObject);
  if (items === undefined || items.length === 0) return undefined;
  if (items.some(hasAlternatives)) {
    at.at('top_logprobs').unsupported('This dialect has the log probabilities of the tokens that were chosen only.');
  }
  return items.map((item) => ({ text: item['token'], token_ids: [], logprobs: [item['logprob']] }));
}

function hasAlternatives({ top_logprobs: top, token }: JsonObject): boolean {
  return Array.isArray(top) && top.some((other) => isObject(other) && other['token'] !== token);
}
