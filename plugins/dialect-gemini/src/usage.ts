/** Token counts: this dialect's `usageMetadata`, and the neutral classes (https://ai.google.dev/api/generate-content#UsageMetadata). */
import { inputTokens, NO_USAGE, type JsonObject, type Usage } from '@gatewright/core';
import { GENERATE } from './names.ts';
import { isObject } from './reading.ts';
import { compact } from './rest.ts';

/**
 * The neutral counts of `usageMetadata`; undefined where there is none. The prompt's count has what came from the cache,
 * sound and images; what the server's tools put into the prompt, and thoughts, are counted beside.
 */
export function decodeUsage(metadata: unknown): Usage | undefined {
  if (!isObject(metadata)) return undefined;
  const prompt = count(metadata['promptTokenCount']);
  const cacheRead = Math.min(prompt, count(metadata['cachedContentTokenCount']));
  const audioInput = Math.min(prompt - cacheRead, freshCount(metadata, 'AUDIO'));
  const imageInput = Math.min(prompt - cacheRead - audioInput, freshCount(metadata, 'IMAGE'));
  const toolUse = count(metadata['toolUsePromptTokenCount']);
  const reasoning = count(metadata['thoughtsTokenCount']);
  const output = answerTokens(metadata, prompt + toolUse, reasoning);
  const audioOutput = Math.min(output, modalityCount(metadata['candidatesTokensDetails'], 'AUDIO'));
  const imageOutput = Math.min(output - audioOutput, modalityCount(metadata['candidatesTokensDetails'], 'IMAGE'));
  return {
    ...NO_USAGE,
    input: prompt - cacheRead - audioInput - imageInput + toolUse,
    cacheRead,
    audioInput,
    imageInput,
    output: output - audioOutput - imageOutput,
    audioOutput,
    imageOutput,
    reasoning,
    raw: { dialect: GENERATE, value: metadata },
  };
}

/** What the prompt has of a modality and did not come from the cache. */
function freshCount(metadata: JsonObject, modality: string): number {
  const all = modalityCount(metadata['promptTokensDetails'], modality);
  return all === 0 ? 0 : Math.max(0, all - modalityCount(metadata['cacheTokensDetails'], modality));
}

/** Some models count thoughts among the answer's tokens: the total tells. */
function answerTokens(metadata: JsonObject, prompt: number, thoughts: number): number {
  const answer = count(metadata['candidatesTokenCount']);
  const total = count(metadata['totalTokenCount']);
  return thoughts > 0 && answer >= thoughts && total === prompt + answer ? answer - thoughts : answer;
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

function modalityCount(details: unknown, modality: string): number {
  if (!Array.isArray(details)) return 0;
  let sum = 0;
  for (const entry of details as unknown[]) {
    if (isObject(entry) && entry['modality'] === modality) sum += count(entry['tokenCount']);
  }
  return sum;
}

/** `usageMetadata`: the provider's own where it is of this dialect. */
export function encodeUsage(usage: Usage): JsonObject {
  if (usage.raw?.dialect === GENERATE) return usage.raw.value;
  const prompt = inputTokens(usage);
  const answer = usage.output + usage.audioOutput + usage.imageOutput;
  return compact({
    promptTokenCount: prompt,
    cachedContentTokenCount: positive(usage.cacheRead),
    candidatesTokenCount: answer,
    thoughtsTokenCount: positive(usage.reasoning),
    totalTokenCount: prompt + answer + usage.reasoning,
    promptTokensDetails: details([
      ['TEXT', prompt - usage.audioInput - usage.imageInput],
      ['AUDIO', usage.audioInput],
      ['IMAGE', usage.imageInput],
    ]),
    candidatesTokensDetails: details([
      ['TEXT', usage.output],
      ['AUDIO', usage.audioOutput],
      ['IMAGE', usage.imageOutput],
    ]),
  });
}

function positive(tokens: number): number | undefined {
  return tokens > 0 ? tokens : undefined;
}

/** Only written where there is more than text. */
function details(counts: readonly [string, number][]): JsonObject[] | undefined {
  const counted = counts.filter(([, tokenCount]) => tokenCount > 0);
  if (counted.every(([modality]) => modality === 'TEXT')) return undefined;
  return counted.map(([modality, tokenCount]) => ({ modality, tokenCount }));
}
