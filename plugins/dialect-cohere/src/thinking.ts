/** How much the model should think: `thinking`. */
import type { ChatRequest, JsonObject, ReasoningSettings } from '@gatewright/core';
import { compact, nested, restoreNested } from './rest.ts';
import { isMissing, type Reading } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

export interface DecodedThinking {
  readonly reasoning: ReasoningSettings;
  readonly kept: JsonObject;
}

/** Throws `GW_BAD_REQUEST` where it is neither enabled nor disabled. */
export function decodeThinking(value: unknown, at: Reading): DecodedThinking {
  const thinking = at.object(value);
  const { type, token_budget: budget } = thinking;
  if (type !== 'enabled' && type !== 'disabled') throw at.at('type').fail('must be "enabled" or "disabled"');
  return {
    reasoning: { mode: type, ...(isMissing(budget) ? {} : { budgetTokens: at.at('token_budget').count(budget) }) },
    kept: nested('thinking', thinking, ['type', 'token_budget']),
  };
}

/**
 * The setting as JSON; undefined where the model's own default is what is meant. Models that think do so unless they are
 * told not to, and there are no levels (https://docs.cohere.com/docs/reasoning).
 */
export function encodeThinking({ reasoning, rest }: ChatRequest, at: Writing): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const { mode, budgetTokens, effort } = reasoning;
  if (at.own && mode !== undefined) {
    return restoreNested('thinking', compact({ type: mode, token_budget: budgetTokens }), rest);
  }
  at.at('reasoning').refuse(reasoning.rest);
  if (effort === 'none' || mode === 'disabled') return restoreNested('thinking', { type: 'disabled' }, rest);
  if (effort !== undefined) {
    at.at('reasoning_effort').warn('This dialect has no levels of effort: thinking is only switched on.');
  }
  if (budgetTokens !== undefined) {
    return restoreNested('thinking', { type: 'enabled', token_budget: budgetTokens }, rest);
  }
  // A model that may think as it sees fit is what the default is.
  return mode === 'enabled' || effort !== undefined ? restoreNested('thinking', { type: 'enabled' }, rest) : undefined;
}
