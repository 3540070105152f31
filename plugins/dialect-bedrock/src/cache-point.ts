/** Prompt-cache marks: in this dialect, `cachePoint` blocks that stand behind what they mark. */
import type { CacheMark, JsonObject } from '@gatewright/core';
import { isObject } from './reading.ts';

/**
 * The mark that a block is; undefined where it is none, or of a kind that the neutral form does not know
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html).
 */
export function decodeCachePoint(block: unknown): CacheMark | undefined {
  if (!isObject(block) || Object.keys(block).length !== 1) return undefined;
  const { cachePoint: point } = block;
  if (!isObject(point) || point['type'] !== 'default') return undefined;
  const { ttl } = point;
  if (Object.keys(point).length > (ttl === undefined ? 1 : 2)) return undefined;
  if (ttl === undefined) return {};
  return ttl === '5m' || ttl === '1h' ? { ttl } : undefined;
}

export function encodeCachePoint(mark: CacheMark): JsonObject {
  return { cachePoint: mark.ttl === undefined ? { type: 'default' } : { type: 'default', ttl: mark.ttl } };
}

/** Reads a list in which cache points mark what stands before them; a point that marks nothing is read like the rest. */
export function decodeMarked<T extends { readonly cache?: CacheMark }>(
  list: readonly unknown[],
  decode: (value: unknown, index: number) => T,
): T[] {
  const items: T[] = [];
  for (const [index, value] of list.entries()) {
    const last = items.at(-1);
    const mark = decodeCachePoint(value);
    if (mark === undefined || last === undefined || last.cache !== undefined) items.push(decode(value, index));
    else items[items.length - 1] = { ...last, cache: mark };
  }
  return items;
}
