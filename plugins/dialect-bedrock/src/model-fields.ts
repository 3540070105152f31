/** Settings that only some models have: `additionalModelRequestFields`, as far as the neutral form knows them. */
import type { ChatRequest, JsonObject, ReasoningSettings } from '@gatewright/core';
import { compact, nested, omit, restoreNested, withRest } from './rest.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import type { Writing } from '@gatewright/core/wire';

const FIELD = 'additionalModelRequestFields';

type Mode = NonNullable<ReasoningSettings['mode']>;

const isMode = (type: unknown): type is Mode => type === 'enabled' || type === 'disabled' || type === 'adaptive';

export interface DecodedFields {
  readonly reasoning?: ReasoningSettings;
  readonly topK?: number;
  /** For the rest of the request. */
  readonly kept: JsonObject;
  /** The fields of the body that are understood. */
  readonly known: readonly string[];
}

/** Reads `thinking` and `top_k`, as Claude's models call them; all other fields stay where they are. */
export function decodeModelFields(value: unknown, at: Reading): DecodedFields {
  if (!isObject(value)) return { kept: {}, known: [] };
  const { thinking, top_k: topK } = value;
  const known: string[] = [];
  const found: { reasoning?: ReasoningSettings; topK?: number } = {};
  if (isObject(thinking) && isMode(thinking['type'])) {
    known.push('thinking');
    found.reasoning = decodeThinking(thinking, thinking['type'], at.at(FIELD).at('thinking'));
  }
  if (typeof topK === 'number') {
    known.push('top_k');
    found.topK = topK;
  }
  if (known.length === 0) return { kept: {}, known: [] };
  return { ...found, kept: nested(FIELD, value, known), known: [FIELD] };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html */
function decodeThinking(thinking: JsonObject, mode: Mode, at: Reading): ReasoningSettings {
  const budget = thinking['budget_tokens'];
  return {
    mode,
    ...(isMissing(budget) ? {} : { budgetTokens: at.at('budget_tokens').count(budget) }),
    ...withRest(thinking, omit(thinking, 'type', 'budget_tokens')),
  };
}

/** The settings as JSON; undefined where there are none. Of the models that other clients ask for, only Claude's have them. */
export function encodeModelFields(request: ChatRequest, at: Writing): JsonObject | undefined {
  const { topK } = request;
  const hasFields = at.own || /\bclaude\b/.test(at.model);
  if (topK !== undefined && !hasFields) at.at('top_k').unsupported('This model has no such setting here.');
  const thinking = encodeThinking(request, at, hasFields);
  const known = compact({ thinking, top_k: hasFields ? topK : undefined });
  return restoreNested(FIELD, known, request.rest);
}

function encodeThinking({ reasoning }: ChatRequest, at: Writing, hasFields: boolean): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const place = at.at('reasoning');
  const mode = modeOf(reasoning);
  if (mode === undefined || !hasFields) {
    place.refuse(reasoning.rest);
    const isWanted = mode === 'enabled' || mode === 'adaptive';
    if (isWanted) place.unsupported('This dialect has a way to switch thinking on for models of Claude only.');
    return undefined;
  }
  const budget = mode === 'enabled' || at.own ? reasoning.budgetTokens : undefined;
  return place.complete(compact({ type: mode, budget_tokens: budget }), reasoning.rest);
}

/** Other dialects have no mode: a budget means that it is on, and the effort `none` or no budget that it is off. */
function modeOf({ mode, budgetTokens, effort }: ReasoningSettings): Mode | undefined {
  if (mode !== undefined) return mode;
  if (budgetTokens !== undefined) return budgetTokens > 0 ? 'enabled' : 'disabled';
  return effort === 'none' ? 'disabled' : undefined;
}
