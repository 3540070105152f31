/** Whether a request fits into the context window of a target. */
import type { ChatRequest, Part, Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { PerList } from '../per-list.ts';
import { BYTES_PER_TOKEN } from '../tokens.ts';
import type { Check, Judgement } from './check.ts';

/** An image, a document or a sound: what is sent of it says little of what it counts. */
const MEDIA_TOKENS = 1000;

export class ContextCheck implements Check {
  readonly name = 'context';
  readonly #windowOf: (target: Target) => number | undefined;
  readonly #keepsLargest: boolean;
  readonly #smallest: PerList<number>;

  /**
   * `windowOf`: tokens that fit into a target, input and output together; undefined where nobody knows. `keepsLargest`:
   * one target is kept to say itself that it is too much, for models that go elsewhere with what is too long.
   */
  constructor(windowOf: (target: Target) => number | undefined, keepsLargest = false) {
    this.#windowOf = windowOf;
    this.#keepsLargest = keepsLargest;
    this.#smallest = new PerList((targets) => Math.min(...targets.map((target) => windowOf(target) ?? Infinity)));
  }

  look(targets: readonly Target[], asked: Asked): Judgement | undefined {
    const { bytes, maxOutput = 0 } = asked.size();
    const smallest = this.#smallest.of(targets);
    // JSON and the data of images are in the bytes: where they fit, all fits. Where not, the text alone is looked at.
    if (bytes / BYTES_PER_TOKEN + maxOutput <= smallest) return undefined;
    const input = inputTokens(asked, bytes);
    if (input + maxOutput <= smallest) return undefined;
    const kept = this.#keepsLargest ? this.#largest(targets) : undefined;
    return (target) => {
      const window = this.#windowOf(target);
      if (window === undefined || input + maxOutput <= window || target === kept) return undefined;
      const output = maxOutput === 0 ? '' : ` and ${maxOutput} of output`;
      return `takes ${window} tokens, and this is about ${input}${output}`;
    };
  }

  #largest(targets: readonly Target[]): Target | undefined {
    const window = (target: Target): number => this.#windowOf(target) ?? Infinity;
    return targets.reduce<Target | undefined>((largest, target) => {
      return largest === undefined || window(target) > window(largest) ? target : largest;
    }, undefined);
  }
}

function inputTokens(asked: Asked, bytes: number): number {
  if (asked.operation !== 'chat') return Math.ceil(bytes / BYTES_PER_TOKEN);
  try {
    return chatTokens(asked.request());
  } catch {
    // What is wrong with the request is for others to say.
    return 0;
  }
}

function chatTokens({ messages, tools = [] }: ChatRequest): number {
  const text = messages.reduce((sum, { parts }) => sum + tokensOf(parts), 0);
  return tools.length === 0 ? text : text + ofText(JSON.stringify(tools));
}

function tokensOf(parts: readonly Part[]): number {
  let sum = 0;
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'reasoning') sum += ofText(part.text);
    else if (part.type === 'tool-call') sum += ofText(part.arguments);
    else if (part.type === 'tool-result') sum += tokensOf(part.parts);
    else if (part.type === 'image' || part.type === 'document' || part.type === 'audio') sum += MEDIA_TOKENS;
  }
  return sum;
}

function ofText(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
