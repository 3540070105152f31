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

/** Written out: a name that is put together for each reply costs more than what it names. */
const NAMES = {
  requests: {
    limit: 'x-ratelimit-limit-requests',
    remaining: 'x-ratelimit-remaining-requests',
    reset: 'x-ratelimit-reset-requests',
  },
  tokens: {
    limit: 'x-ratelimit-limit-tokens',
    remaining: 'x-ratelimit-remaining-tokens',
    reset: 'x-ratelimit-reset-tokens',
  },
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
  const names = NAMES[kind];
  exchange.setReplyHeader(names.limit, `${limit}`);
  exchange.setReplyHeader(names.remaining, `${left < 0n ? 0n : left}`);
  if (resetsAt !== undefined) exchange.setReplyHeader(names.reset, duration(resetsAt - now));
}

/** `1h2m3.5s`, as OpenAI writes lengths of time. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const rest = `${(whole % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
