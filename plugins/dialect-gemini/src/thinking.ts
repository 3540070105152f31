/** How much the model shall think: `thinkingConfig` (https://ai.google.dev/gemini-api/docs/thinking). */
import type { ChatRequest, JsonObject, ReasoningSettings } from '@gatewright/core';
import { isMissing, type Reading } from './reading.ts';
import { compact, note, withRest } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** The budget with which the model itself decides how much to think. */
const DYNAMIC = -1;

/** A budget of zero switches thinking off, one of -1 leaves it to the model; levels are named in lower case elsewhere. */
export function decodeThinking(value: unknown, at: Reading): ReasoningSettings {
  const { thinkingBudget, thinkingLevel, includeThoughts, ...others } = at.fields(value);
  const budget = isMissing(thinkingBudget) ? undefined : at.at('thinkingBudget').integer(thinkingBudget, DYNAMIC);
  const level = isMissing(thinkingLevel) ? undefined : at.at('thinkingLevel').string(thinkingLevel);
  return {
    ...(level === undefined ? {} : { effort: level.toLowerCase() }),
    ...(budget === undefined ? {} : decodeBudget(budget)),
    ...withRest(others, { $level: level, $includeThoughts: includeThoughts }),
  };
}

function decodeBudget(budget: number): ReasoningSettings {
  if (budget === DYNAMIC) return { mode: 'adaptive' };
  return budget === 0 ? { mode: 'disabled' } : { mode: 'enabled', budgetTokens: budget };
}

/** `thinkingConfig` as JSON; undefined where nothing is said of it. */
export function encodeThinking({ reasoning }: ChatRequest, at: Writing): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  if (!at.own) {
    at.at('reasoning').refuse(reasoning.rest);
    return encodeForeign(reasoning, at.model);
  }
  const includeThoughts = note(reasoning.rest, '$includeThoughts');
  return at.at('reasoning').complete(compact({ ...ownConfig(reasoning), includeThoughts }), reasoning.rest);
}

/** What was read here, with what has been changed since. */
function ownConfig({ effort, mode, budgetTokens, rest }: ReasoningSettings): JsonObject {
  const level = note(rest, '$level');
  const budget = mode === 'disabled' ? 0 : mode === 'adaptive' ? DYNAMIC : budgetTokens;
  const sameLevel = typeof level === 'string' && level.toLowerCase() === effort;
  return { thinkingLevel: sameLevel ? level : effort?.toUpperCase(), thinkingBudget: budget };
}

/**
 * The budgets that levels stand for where a model has no levels
 * (https://ai.google.dev/gemini-api/docs/openai#thinking).
 */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576 };

/** `xhigh` and `max` become the highest level that there is. */
const LEVELS: Readonly<Record<string, string>> = {
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/** Thoughts are only asked for where the other dialect shows them by itself: where thinking has a mode. */
function encodeForeign({ effort, mode, budgetTokens }: ReasoningSettings, model: string): JsonObject | undefined {
  if (mode === 'disabled' || effort === 'none' || budgetTokens === 0) return { thinkingBudget: 0 };
  const shown = mode === undefined ? {} : { includeThoughts: true };
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens, ...shown };
  const level = effort !== undefined && Object.hasOwn(LEVELS, effort) ? (LEVELS[effort] as string) : undefined;
  const hasLevels = !/gemini-[12]\b/.test(model);
  if (level !== undefined) {
    return { ...(hasLevels ? { thinkingLevel: level } : { thinkingBudget: BUDGETS[level.toLowerCase()] }), ...shown };
  }
  // Without a budget, how much is the model's to decide.
  if (mode !== undefined) return { ...(hasLevels ? {} : { thinkingBudget: DYNAMIC }), ...shown };
  return undefined;
}
