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
  /** The output is what answers usually have, and one may have more. */
  readonly guessed: boolean;
  /** The most output that the request allows; Infinity where it says nothing. */
  readonly most: number;
}

/** Text has about four bytes to a token; what it really was is settled afterwards. */
const BYTES_PER_TOKEN = 4;

/** `unsaid`: output tokens where the request says no maximum. `usual`: of each answer, where that is known and wanted. */
export function estimate(
  exchange: Exchange,
  unsaid: number,
  maxOutput: number | undefined,
  usual: number | undefined,
): Estimate {
  const { bytes, candidates = 1, ...size } = exchange.size();
  const most = Math.min(size.maxOutput ?? Infinity, maxOutput ?? Infinity);
  const output = Math.min(usual ?? size.maxOutput ?? unsaid, most);
  return {
    input: Math.ceil(bytes / BYTES_PER_TOKEN),
    output: output * candidates,
    guessed: usual !== undefined && usual < most,
    most: most * candidates,
  };
}

/** Whether a unit counts what comes out of the model. */
export const countsOutput = (unit: string): boolean => unit === 'tokens' || unit === 'output-tokens';

export function amountOf(unit: Unit, { input, output }: Pick<Estimate, 'input' | 'output'>): bigint {
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

/** What should be reserved where so much output is expected. */
export function grownTo(unit: Unit, { input, most }: Estimate, output: number): bigint {
  return amountOf(unit, { input, output: Math.ceil(Math.min(output, most)) });
}

/** Whether a unit counts tokens; of the others, what was reserved is what was used. */
export const countsTokens = (unit: Unit): boolean => TOKENS[unit] !== undefined;

/** What was used; undefined where it is what was reserved. */
export function actualOf(
  unit: Unit,
  size: Pick<Estimate, 'input' | 'output'>,
): ((outcome: AttemptOutcome) => bigint) | undefined {
  const tokens = TOKENS[unit];
  if (tokens === undefined) return undefined;
  return ({ usage, produced, assumed }) => {
    if (assumed === true) return amountOf(unit, size);
    if (usage !== undefined) return BigInt(tokens(usage));
    // A stream that was cut before its usage came: its input, and the output that its events tell of.
    return produced === undefined ? 0n : amountOf(unit, { input: size.input, output: produced });
  };
}

const TOKENS: Readonly<Partial<Record<Unit, (usage: Usage) => number>>> = {
  tokens: (usage) => inputTokens(usage) + outputTokens(usage),
  'input-tokens': inputTokens,
  'output-tokens': outputTokens,
};
