/** The most that a request can cost at a target. */
import type { Attempt, Exchange, Part, Prices, Source, Target } from '@gatewright/core';

export interface BoundOptions {
  readonly maxOutput: number;
  readonly urlTokens: number;
  readonly otherCost: bigint;
}

/** What an attempt may use. */
export interface Bound {
  /** Nano-dollars; undefined where the target has no price. */
  readonly nanos: bigint | undefined;
  /** The most output tokens that it is reckoned with, for each candidate; undefined where it produces none. */
  readonly maxOutput: number | undefined;
  readonly input: number;
  readonly candidates: number;
}

/** Operations whose cost follows from their size: what goes in, and a maximum of what comes out. */
export const WITH_OUTPUT: ReadonlySet<string> = new Set(['chat', 'completions']);
const INPUT_ONLY: ReadonlySet<string> = new Set(['embeddings', 'moderations', 'rerank']);

/** No tokenizer makes more tokens of a text than it has bytes. */
export function boundOf(
  prices: Prices,
  attempt: Attempt,
  exchange: Exchange,
  options: BoundOptions,
  now: number,
): Bound {
  const { operation } = exchange;
  const { target } = attempt;
  const price = (input: number, output: number): bigint | undefined => prices.bound(target, { input, output }, now);
  if (WITH_OUTPUT.has(operation)) {
    const { bytes, candidates = 1, maxOutput = options.maxOutput } = exchange.size();
    const input = bytes + remoteFiles(exchange) * options.urlTokens;
    const most = Math.min(maxOutput, attempt.maxOutput ?? Infinity);
    return { nanos: price(input, most * candidates), maxOutput: most, input, candidates };
  }
  const { bytes } = exchange.size();
  const input = INPUT_ONLY.has(operation) ? bytes : 0;
  const known = price(input, 0);
  const nanos = known === undefined || INPUT_ONLY.has(operation) ? known : max(known, options.otherCost);
  return { nanos, maxOutput: undefined, input, candidates: 1 };
}

/** How many output tokens for each candidate fit into what is left; at least one, so that it is the reservation that refuses. */
export function affordable(prices: Prices, target: Target, bound: Bound, left: bigint, now: number): number {
  const price = (output: number): bigint =>
    prices.bound(target, { input: bound.input, output: output * bound.candidates }, now) ?? 0n;
  let [fits, over] = [1, (bound.maxOutput ?? 0) + 1];
  while (fits + 1 < over) {
    const middle = Math.floor((fits + over) / 2);
    if (price(middle) <= left) fits = middle;
    else over = middle;
  }
  return fits;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** How many images and files the request only names; most requests need not be decoded to know that there is none. */
function remoteFiles(exchange: Exchange): number {
  if (exchange.operation !== 'chat' || exchange.body?.mayRefer === false) return 0;
  const { messages } = exchange.request();
  return messages.reduce((sum, { parts }) => sum + countRemote(parts), 0);
}

function countRemote(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => {
    if (part.type === 'tool-result') return sum + countRemote(part.parts);
    return 'source' in part ? sum + remoteIn(part.source) : sum;
  }, 0);
}

function remoteIn(source: Source): number {
  if (source.kind === 'parts') return countRemote(source.parts);
  return source.kind === 'url' || source.kind === 'file' ? 1 : 0;
}
