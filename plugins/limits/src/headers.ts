/** The `x-ratelimit-*` headers of a reply: the limits that are nearest, in the form of OpenAI's API. */
import type { Claim, Clock, Slot } from '@gatewright/core';
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
export type Nearest = { requests: bigint | undefined; tokens: bigint | undefined };

export class RateLimitHeaders {
  readonly #nearest: Slot<Nearest>;
  readonly #clock: Clock;

  constructor(nearest: Slot<Nearest>, clock: Clock) {
    this.#nearest = nearest;
    this.#clock = clock;
  }

  /** What tells clients of a limit, where it is the nearest of its kind; undefined for limits that the headers do not know. */
  of(unit: Unit, limit: bigint): Claim['seen'] {
    const kind = KINDS[unit];
    if (kind === undefined) return undefined;
    const names = NAMES[kind];
    const limitText = `${limit}`;
    const until = durations();
    return (balance, exchange) => {
      const { spent, reserved, resetsAt } = balance;
      // What an allowance grants is not told with a limit.
      const most = balance.limit ?? limit;
      const left = most - spent - reserved;
      let nearest = this.#nearest.get(exchange);
      if (nearest === undefined) this.#nearest.set(exchange, (nearest = { requests: undefined, tokens: undefined }));
      const before = nearest[kind];
      if (before !== undefined && before <= left) return;
      nearest[kind] = left;
      exchange.setReplyHeader(names.limit, most === limit ? limitText : `${most}`);
      exchange.setReplyHeader(names.remaining, left < 0n ? '0' : `${left}`);
      if (resetsAt !== undefined) exchange.setReplyHeader(names.reset, until(resetsAt - this.#clock.now()));
    };
  }
}

/** `duration`, with the last one remembered: many requests come within a millisecond. */
function durations(): (milliseconds: number) => string {
  let last = 0;
  let text = duration(last);
  return (milliseconds) => {
    if (milliseconds !== last) [last, text] = [milliseconds, duration(milliseconds)];
    return text;
  };
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
