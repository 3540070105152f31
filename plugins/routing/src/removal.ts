/** Targets that were left out, and the error where none is left. */
import { GatewayError, type Target } from '@gatewright/core';
import type { CheckName } from './checks/check.ts';

export interface Removal {
  readonly target: Target;
  /** What removed it: a check, or the strategy `tags`, which is one as well. */
  readonly by: CheckName;
  readonly why: string;
}

/** Removals that a message names. */
const NAMED = 8;

/** `acme/large takes 8192 tokens, and this is about 20000`. */
export function removalText({ target, by, why }: Removal): string {
  return by === 'tags' ? `${target.id} is ${why}` : `${target.id} ${why}`;
}

/** The client is told what it asked too much of: another request may be served, the same one never. */
export function noneLeft(model: string, removals: readonly Removal[]): GatewayError {
  const named = removals.slice(0, NAMED).map(removalText);
  const more = removals.length > NAMED ? `; and ${removals.length - NAMED} more` : '';
  const message = `No target of the model "${model}" can serve this request: ${named.join('; ')}${more}.`;
  const tooLong = removals.every(({ by }) => by === 'context');
  if (tooLong) {
    const help = 'Send less, ask for less output, or ask for a model with a larger context window.';
    return new GatewayError('GW_CONTEXT_LENGTH', message, { help });
  }
  return new GatewayError('GW_UNSUPPORTED', message, {
    help: 'Ask for another model, or leave out what it cannot do.',
  });
}
