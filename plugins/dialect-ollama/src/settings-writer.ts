/** Writes how the answer is to be made: `options`, `format` and `think`. */
import type { ChatRequest, EncodeContext, JsonObject, ReasoningSettings, ResponseFormat } from '@gatewright/core';
import { note } from './rest.ts';
import { NUMBERS } from './settings-reader.ts';

export function encodeOptions(request: ChatRequest): JsonObject | undefined {
  const options: JsonObject = {
    ...(note(request.rest, '$runner') as JsonObject | undefined),
    ...(note(request.rest, 'options') as JsonObject | undefined),
  };
  for (const [name, field] of NUMBERS) if (request[field] !== undefined) options[name] = request[field];
  if (request.maxOutput !== undefined) options['num_predict'] = request.maxOutput;
  if (request.stop !== undefined) options['stop'] = request.stop;
  return Object.keys(options).length === 0 ? undefined : options;
}

export function encodeFormat(format: ResponseFormat | undefined): unknown {
  if (format === undefined || format.kind === 'text') return undefined;
  return format.kind === 'json' ? 'json' : format.schema;
}

/** The levels that models with levels know. */
const LEVELS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['max', 'high'],
]);

/** Models that think in levels (https://docs.ollama.com/capabilities/thinking); the others think or do not, and some refuse a level. */
const LEVELLED = /gpt-oss/;

/** A budget cannot be said: it becomes the wish to think at all. */
export function encodeThink(reasoning: ReasoningSettings | undefined, own: boolean, model: string): unknown {
  if (reasoning === undefined) return undefined;
  const { effort, mode, budgetTokens } = reasoning;
  if (effort !== undefined) {
    if (own) return effort;
    return LEVELLED.test(model) ? LEVELS.get(effort) : effort !== 'none';
  }
  if (mode !== undefined) return mode !== 'disabled';
  return budgetTokens === undefined ? undefined : budgetTokens > 0;
}

/** Settings that this dialect has no field for, by the names that most clients know them by. */
export function refuseSettings(request: ChatRequest, context: EncodeContext): void {
  const missing = 'Ollama has no such setting.';
  const { candidates, parallelTools, toolChoice, serviceTier } = request;
  if (candidates !== undefined && candidates > 1) context.unsupported('n', 'Ollama gives one answer.');
  if (request.logprobs !== undefined) context.unsupported('logprobs', missing);
  if (parallelTools === false) context.unsupported('parallel_tool_calls', missing);
  if (toolChoice !== undefined && toolChoice.kind !== 'auto' && toolChoice.kind !== 'none')
    context.unsupported('tool_choice', 'Ollama cannot be told to call a tool.');
  if (Object.keys(request.metadata ?? {}).length > 0) context.unsupported('metadata', missing);
  if (serviceTier !== undefined && serviceTier !== 'auto' && serviceTier !== 'default')
    context.unsupported('service_tier', missing);
  if (request.endUser !== undefined) context.warn('user', 'Ollama does not tell users apart.');
  if (request.cache !== undefined) context.warn('cache_control', 'Prompts are cached without marks.');
}
