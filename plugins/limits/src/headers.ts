/** The `x-ratelimit-*` headers of a reply: the limits that are nearest, in the form of OpenAI's API. */
import type { Balance, Exchange } from '@gatewright/core';
import type { Unit } from './counted.ts';

/** The headers know two kinds (https://platform.openai.com/docs/guides/rate-limits, "Rate limits in headers"). */
const KINDS: Readonly<Partial<Record<Unit, 'requests' | 'tokens'>>> = {
  requests: 'requests',
  tokens: 'tokens',
  'input-tokens': 'tokens',
  'output-tokens': 'tokens',
};

/** The least that is left so far, per kind. */
export type Nearest = { requests?: bigint; tokens?: bigint };

/** Tells the client of a limit, where it is the nearest of its kind. `now` in Unix milliseconds. */
export function tell(exchange: Exchange, nearest: Nearest, unit: Unit, balance: Balance, now: number): void {
  const kind = KINDS[unit];
  const { limit, spent, reserved, resetsAt } = balance;
  if (kind === undefined || limit === undefined) return;
  const left = limit - spent - reserved;
  const before = nearest[kind];
  if (before !== undefined && before <= left) return;
  nearest[kind] = left;
  exchange.setReplyHeader(`x-ratelimit-limit-${kind}`, `${limit}`);
  exchange.setReplyHeader(`x-ratelimit-remaining-${kind}`, `${left < 0n ? 0n : left}`);
  if (resetsAt !== undefined) exchange.setReplyHeader(`x-ratelimit-reset-${kind}`, duration(resetsAt - now));
}

/** `1h2m3.5s`, as OpenAI writes lengths of time. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
