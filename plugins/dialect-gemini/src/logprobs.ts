/** Log probabilities: this dialect's `logprobsResult`, and the neutral form, which is OpenAI's. */
import type { JsonObject, Logprobs } from '@gatewright/core';
import { isObject } from './reading.ts';
import { compact } from './rest.ts';

/** Undefined where there are none. */
export function decodeLogprobs(result: unknown): Logprobs | undefined {
  if (!isObject(result) || !Array.isArray(result['chosenCandidates'])) return undefined;
  const tops = Array.isArray(result['topCandidates']) ? (result['topCandidates'] as unknown[]) : [];
  const content = (result['chosenCandidates'] as unknown[]).map((chosen, index) => {
    const top = tops[index];
    const list = isObject(top) && Array.isArray(top['candidates']) ? (top['candidates'] as unknown[]) : [];
    return Object.assign(decodeToken(chosen), { top_logprobs: list.map(decodeToken) });
  });
  return { content };
}

function decodeToken(value: unknown): JsonObject {
  const { token, logProbability } = isObject(value) ? value : {};
  const text = typeof token === 'string' ? token : '';
  return {
    token: text,
    logprob: typeof logProbability === 'number' ? logProbability : 0,
    bytes: [...Buffer.from(text)],
  };
}

/** Undefined where there are none. */
export function encodeLogprobs(logprobs: Logprobs | undefined): JsonObject | undefined {
  const content = logprobs?.content;
  if (content === undefined || content === null) return undefined;
  const tops = content.map((item) => {
    const list = isObject(item) && Array.isArray(item['top_logprobs']) ? (item['top_logprobs'] as unknown[]) : [];
    return { candidates: list.map(encodeToken) };
  });
  return compact({
    chosenCandidates: content.map(encodeToken),
    topCandidates: tops.some(({ candidates }) => candidates.length > 0) ? tops : undefined,
  });
}

function encodeToken(value: unknown): JsonObject {
  const { token, logprob } = isObject(value) ? value : {};
  return { token, logProbability: logprob };
}
