/** Prompt-cache marks: `cache_control` on blocks, tools and requests. */
import type { CacheMark, JsonObject, Rest } from '@gatewright/core';
import { isObject } from './reading.ts';
import { besides } from './rest.ts';

/**
 * The mark that a `cache_control` is; undefined where it is none, or of a kind that the neutral form does not know
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
 */
export function decodeCache(control: unknown): CacheMark | undefined {
  if (!isObject(control) || control['type'] !== 'ephemeral') return undefined;
  const { ttl } = control;
  if (Object.keys(control).length > (ttl === undefined ? 1 : 2)) return undefined;
  if (ttl === undefined) return {};
  return ttl === '5m' || ttl === '1h' ? { ttl } : undefined;
}

export function encodeCache(mark: CacheMark): JsonObject {
  return mark.ttl === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: mark.ttl };
}

/** What every part and tool may carry: its cache mark, and the fields that are not among those known. */
export function markAndRest(
  source: JsonObject,
  known: readonly string[],
  hints?: JsonObject,
): { readonly cache?: CacheMark; readonly rest?: Rest } {
  const cache = decodeCache(source['cache_control']);
  if (cache === undefined) return besides(source, known, hints);
  return { cache, ...besides(source, [...known, 'cache_control'], hints) };
}
