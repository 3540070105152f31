/** How much the model shall think: `thinking`, and the effort in `output_config`. */
import type { ChatRequest, JsonObject, ReasoningSettings } from '@gatewright/core';
import { isMissing, isObject, type Reading } from './reading.ts';
import { compact, omit, withRest } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

type Mode = NonNullable<ReasoningSettings['mode']>;

const isMode = (type: unknown): type is Mode => type === 'enabled' || type === 'disabled' || type === 'adaptive';

/** Whether the neutral form knows this way of thinking; another is kept whole in the request's rest. */
export function knowsThinking(thinking: unknown): boolean {
  return isObject(thinking) && isMode(thinking['type']);
}

/** Reads both settings; undefined where there is neither. */
export function decodeReasoning(thinking: unknown, effort: unknown, at: Reading): ReasoningSettings | undefined {
  const named = isMissing(effort) ? {} : { effort: at.at('output_config').at('effort').string(effort) };
  if (isMissing(thinking)) return isMissing(effort) ? undefined : named;
  const settings = at.at('thinking').object(thinking);
  const type = at.at('thinking').at('type').string(settings['type']);
  if (!isMode(type)) return isMissing(effort) ? undefined : named;
  const { budget_tokens: budget, display } = settings;
  // Whether the client is shown the thinking changes no answer.
  const shown = isMissing(display) ? {} : { $extra: { display } };
  return {
    ...named,
    mode: type,
    ...(isMissing(budget) ? {} : { budgetTokens: at.at('thinking').at('budget_tokens').count(budget) }),
    ...withRest(settings, omit(settings, 'type', 'budget_tokens', 'display'), shown),
  };
}

/** `thinking` as JSON; undefined where nothing is said of it. */
export function encodeThinking({ reasoning }: ChatRequest, at: Writing): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const mode = modeOf(reasoning);
  if (mode === undefined) {
    at.at('reasoning').refuse(reasoning.rest);
    return undefined;
  }
  const budget = mode === 'enabled' || at.own ? reasoning.budgetTokens : undefined;
  return at.at('reasoning').complete(compact({ type: mode, budget_tokens: budget }), reasoning.rest);
}

/** Other dialects have no mode: a budget means that it is on, and the effort `none` or no budget that it is off. */
function modeOf({ mode, budgetTokens, effort }: ReasoningSettings): Mode | undefined {
  if (mode !== undefined) return mode;
  if (budgetTokens !== undefined) return budgetTokens > 0 ? 'enabled' : 'disabled';
  return effort === 'none' ? 'disabled' : undefined;
}

/**
 * The level for `output_config.effort`. It alone is sent for OpenAI's `reasoning_effort`: models that have levels think
 * by themselves, or answer with more or less effort (https://platform.claude.com/docs/en/build-with-claude/effort).
 * `minimal` becomes the lowest level there is; `none` is no level, but thinking switched off.
 */
export function encodeEffort({ reasoning }: ChatRequest, own: boolean): string | undefined {
  const effort = reasoning?.effort;
  if (own || effort === undefined) return effort;
  if (effort === 'none') return undefined;
  return effort === 'minimal' ? 'low' : effort;
}
