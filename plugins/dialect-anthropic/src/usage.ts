/** Token counts: this dialect's `usage`, and the neutral classes. */
import { inputTokens, NO_USAGE, outputTokens, type JsonObject, type Usage, type UsageUnits } from '@gatewright/core';
import { MESSAGES } from './names.ts';
import { isObject } from './reading.ts';

type Counts = Pick<Usage, 'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'output' | 'reasoning'>;

/**
 * The neutral counts of a `usage` object; undefined where there is none. `input_tokens` has neither what was read from
 * the cache nor what was written to it, so the classes need no subtraction.
 *
 * A compaction is billed like the answer, but not in the totals: its own entry in `iterations` is added
 * (https://platform.claude.com/docs/en/build-with-claude/compaction-threshold). What an advisor used is billed at the
 * price of another model, and stays in `raw`.
 */
export function decodeUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const total = countsOf(usage);
  for (const entry of compactions(usage)) {
    const more = countsOf(entry);
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += more[key];
  }
  const units = unitsOf(usage);
  return { ...NO_USAGE, ...total, ...(units === undefined ? {} : { units }), raw: { dialect: MESSAGES, value: usage } };
}

/** Searches of the web are billed by number, besides the tokens that they bring. */
function unitsOf({ server_tool_use: used }: JsonObject): UsageUnits | undefined {
  const webSearches = isObject(used) ? count(used['web_search_requests']) : 0;
  return webSearches === 0 ? undefined : { webSearches };
}

function compactions({ iterations }: JsonObject): JsonObject[] {
  if (!Array.isArray(iterations)) return [];
  return iterations.filter((entry): entry is JsonObject => isObject(entry) && entry['type'] === 'compaction');
}

function countsOf(usage: JsonObject): { -readonly [K in keyof Counts]: number } {
  const output = count(usage['output_tokens']);
  const details = usage['output_tokens_details'];
  const reasoning = Math.min(output, isObject(details) ? count(details['thinking_tokens']) : 0);
  return {
    input: count(usage['input_tokens']),
    cacheRead: count(usage['cache_read_input_tokens']),
    ...cacheWrites(usage),
    output: output - reasoning,
    reasoning,
  };
}

/** The total is the later word: at the end of a stream it comes without the split by lifetime, which the start told. */
function cacheWrites(usage: JsonObject): { cacheWrite5m: number; cacheWrite1h: number } {
  const split = isObject(usage['cache_creation']) ? usage['cache_creation'] : {};
  const short = count(split['ephemeral_5m_input_tokens']);
  const long = count(split['ephemeral_1h_input_tokens']);
  const total = usage['cache_creation_input_tokens'];
  if (typeof total !== 'number') return { cacheWrite5m: short, cacheWrite1h: long };
  const cacheWrite1h = short === 0 && long > 0 ? total : Math.min(long, total);
  return { cacheWrite5m: total - cacheWrite1h, cacheWrite1h };
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

/** Usage so far, and a later `usage`: what the later one tells replaces what was known, null tells nothing. */
export function mergeUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged = { ...earlier };
  for (const key of Object.keys(later)) if (later[key] !== null || !(key in merged)) merged[key] = later[key];
  return merged;
}

/** The `usage` of a whole answer: the provider's own where it is of this dialect. */
export function encodeUsage(usage: Usage | undefined, serviceTier: string | undefined): JsonObject {
  if (usage?.raw?.dialect === MESSAGES) return usage.raw.value;
  const known = usage ?? NO_USAGE;
  return {
    input_tokens: inputTokens(known) - known.cacheRead - known.cacheWrite5m - known.cacheWrite1h,
    cache_creation_input_tokens: known.cacheWrite5m + known.cacheWrite1h,
    cache_read_input_tokens: known.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: known.cacheWrite5m,
      ephemeral_1h_input_tokens: known.cacheWrite1h,
    },
    output_tokens: outputTokens(known),
    ...(known.reasoning === 0 ? {} : { output_tokens_details: { thinking_tokens: known.reasoning } }),
    service_tier: tierOf(serviceTier),
  };
}

/** The tiers that answers name (https://platform.claude.com/docs/en/api/service-tiers). */
function tierOf(serviceTier: string | undefined): string | null {
  if (serviceTier === 'default' || serviceTier === 'standard') return 'standard';
  return serviceTier === 'priority' || serviceTier === 'batch' ? serviceTier : null;
}

/** Fields that only the start of a stream tells. */
const AT_START: ReadonlySet<string> = new Set(['cache_creation', 'service_tier', 'inference_geo', 'speed']);

/** The `usage` of the end of a stream. */
export function encodeFinalUsage(usage: Usage | undefined): JsonObject {
  const whole = encodeUsage(usage, undefined);
  return Object.fromEntries(Object.entries(whole).filter(([key]) => !AT_START.has(key)));
}
