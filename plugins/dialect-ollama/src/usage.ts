/** Token counts: `prompt_eval_count` and `eval_count`, which stand at the top of an answer. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage } from '@gatewright/core';
import { CHAT } from './names.ts';

/** What an answer tells of its work; durations are nanoseconds. */
const FIELDS = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

export const USAGE_FIELDS: ReadonlySet<string> = new Set(FIELDS);

/** Undefined where nothing was counted. Thinking is in `eval_count`, and not counted apart. */
export function decodeUsage(body: JsonObject): Usage | undefined {
  const value = Object.fromEntries(FIELDS.filter((name) => name in body).map((name) => [name, body[name]]));
  const { prompt_eval_count: input, eval_count: output } = value;
  if (!isCount(input) && !isCount(output)) return undefined;
  const counts = { input: isCount(input) ? input : 0, output: isCount(output) ? output : 0 };
  return { ...NO_USAGE, ...counts, raw: { dialect: CHAT, value } };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function encodeUsage(usage: Usage | undefined): JsonObject {
  if (usage === undefined) return {};
  if (usage.raw?.dialect === CHAT) return { ...usage.raw.value };
  return { prompt_eval_count: inputTokens(usage), eval_count: outputTokens(usage) };
}
