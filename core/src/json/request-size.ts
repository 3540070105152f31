/** Reads how much a request may produce out of a client's JSON. */
import type { RequestSize } from '../dialect.ts';

/** The size that two members say; what is no count says nothing: the codec refuses it when it decodes, or the provider does. */
export function requestSize(maxOutput: unknown, candidates?: unknown): RequestSize {
  const size: { -readonly [K in keyof RequestSize]: RequestSize[K] } = {};
  if (isCount(maxOutput)) size.maxOutput = maxOutput;
  if (isCount(candidates)) size.candidates = candidates;
  return size;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
