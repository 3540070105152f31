/** How large notices of a board may be, and how many of a topic may be up. */
import { GatewayError } from '@gatewright/core';

/** Notices of one topic. */
export const MOST_NOTICES = 1000;

const LONGEST_NAME = 200;
const LONGEST_VALUE = 2000;

/** Throws `GW_PLUGIN_CONTRACT` where a notice is not one that a board takes. */
export function checkNotice(topic: string, key: string, value: string, ttl: number): void {
  const wrong =
    nameFault('topic', topic) ??
    nameFault('key', key) ??
    (value.length > LONGEST_VALUE ? `its value has ${value.length} characters, at most ${LONGEST_VALUE}` : undefined) ??
    (ttl >= 1 && Number.isFinite(ttl) ? undefined : `it is up for ${ttl} ms, at least 1`);
  if (wrong === undefined) return;
  throw new GatewayError('GW_PLUGIN_CONTRACT', `A notice does not fit on the board: ${wrong} may be.`);
}

function nameFault(what: string, name: string): string | undefined {
  if (name.length > 0 && name.length <= LONGEST_NAME) return undefined;
  return `its ${what} has ${name.length} characters, 1 to ${LONGEST_NAME}`;
}
