/** What the operations besides chat ask of the simulated model. */
import type { JsonObject } from '@gatewright/core';
import { stringOf } from './json.ts';
import type { Prompt } from './prompt.ts';
import { countInput } from './tokens.ts';

/** A prompt that is its texts and nothing else; `more` is what the operation has besides. */
export function plainPrompt(body: JsonObject, texts: readonly string[], more: Partial<Prompt> = {}): Prompt {
  return {
    model: stringOf(body['model']),
    stream: false,
    streamUsage: false,
    question: texts.join('\n'),
    turns: 1,
    results: [],
    attachments: 0,
    tools: [],
    toolChoice: { kind: 'none' },
    parallelTools: false,
    format: { kind: 'text' },
    reasoning: 'none',
    maxOutput: undefined,
    stop: [],
    // Nothing is generated token by token.
    candidates: 0,
    logprobs: false,
    inputTokens: countInput(texts, 0, 0),
    body,
    ...more,
  };
}
