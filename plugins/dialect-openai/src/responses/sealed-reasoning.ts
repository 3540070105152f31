/**
 * Signatures of other dialects in `encrypted_content`.
 *
 * Thinking must come back to the provider that signed it. A client of this dialect sends back what stands in
 * `encrypted_content`, so another dialect's signature travels there, with a mark that keeps it from all other providers.
 */
import type { ReasoningPart } from '@gatewright/core';
import { isObject } from '../json-value.ts';

const MARK = 'gatewright.';

/** What a provider signed. */
export interface Seal {
  readonly origin: string;
  readonly signature?: string;
  readonly redacted?: string;
}

/** The `encrypted_content` that keeps what another dialect said of a piece of reasoning. */
export function seal({ origin, signature, redacted }: ReasoningPart): string {
  return `${MARK}${Buffer.from(JSON.stringify({ origin, signature, redacted })).toString('base64url')}`;
}

/** What was sealed; undefined where the text is a provider's own. */
export function unseal(text: string): Seal | undefined {
  if (!text.startsWith(MARK)) return undefined;
  const value = parse(Buffer.from(text.slice(MARK.length), 'base64url').toString());
  if (!isObject(value) || typeof value['origin'] !== 'string') return undefined;
  const { origin, signature, redacted } = value;
  return {
    origin,
    ...(typeof signature === 'string' ? { signature } : {}),
    ...(typeof redacted === 'string' ? { redacted } : {}),
  };
}

/** Whether this stands in the bytes of a body: what only looks like it does no harm. */
export const SEAL_MARK = `"${MARK}`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
