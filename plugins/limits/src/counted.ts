/** What a limit counts: how much is reserved of it before an attempt, and how much was used after it. */
import {
  inputTokens,
  outputTokens,
  type AttemptOutcome,
  type Exchange,
  type LimitRule,
  type Usage,
} from '@gatewright/core';

export type Unit = LimitRule['unit'];

/** How many tokens a request may take; reckoned once for all limits of an attempt. */
export interface Estimate {
  readonly input: number;
  readonly output: number;
}

/** Text has about four bytes to a token; what it really was is settled afterwards. */
const BYTES_PER_TOKEN = 4;

export function estimate(exchange: Exchange, outputEstimate: number, maxOutput: number | undefined): Estimate {
  const { bytes, candidates = 1, ...size } = exchange.size();
  const output = Math.min(size.maxOutput ?? outputEstimate, maxOutput ?? Infinity);
  return { input: Math.ceil(bytes / BYTES_PER_TOKEN), output: output * candidates };
}

export function amountOf(unit: Unit, { input, output }: Estimate): bigint {
  switch (unit) {
    case 'tokens':
      return BigInt(input + output);
    case 'input-tokens':
      return BigInt(input);
    case 'output-tokens':
      return BigInt(output);
    default:
      return 1n;
  }
}

/** What was used; undefined where it is what was reserved. */
export function actualOf(unit: Unit, size: () => Estimate): ((outcome: AttemptOutcome) => bigint) | undefined {
  const tokens = TOKENS[unit];
  if (tokens === undefined) return undefined;
  return ({ usage, produced }) => {
    if (usage !== undefined) return BigInt(tokens(usage));
    // A stream that was cut before its usage came: its input, and the output that its events tell of.
    return produced === undefined ? 0n : amountOf(unit, { input: size().input, output: produced });
  };
}

const TOKENS: Readonly<Partial<Record<Unit, (usage: Usage) => number>>> = {
  tokens: (usage) => inputTokens(usage) + outputTokens(usage),
  'input-tokens': inputTokens,
  'output-tokens': outputTokens,
};
