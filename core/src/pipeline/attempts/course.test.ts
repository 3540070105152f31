/** Whatever fails in whatever order: an exchange ends within its bounds, and nobody is asked who said "not yet". */
import { expect, test } from 'vitest';
import { Abort } from '../../abort.ts';
import type { FailurePlan } from '../../config/call-settings.ts';
import { GatewayError, type GatewayErrorCode } from '../../errors.ts';
import { Traffic } from '../../load/traffic.ts';
import { ManualClock } from '../../manual-clock.test.kit.ts';
import type { Retries, Target } from '../../route.ts';
import { Course } from './course.ts';
import type { LiveExchange } from '../live-exchange.ts';

/** Numbers that follow from a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Trial {
  readonly exchange: LiveExchange;
  readonly clock: ManualClock;
  readonly plan: FailurePlan;
  readonly targets: readonly Target[];
}

function trial(random: () => number): Trial {
  const clock = new ManualClock();
  const retries: number | Retries = random() < 0.5 ? Math.floor(random() * 4) : { rateLimited: 2, timeout: 1 };
  const targets = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index): Target => {
    const model = `m${index}`;
    return { id: `p/${model}`, provider: 'p', model, of: 'asked', retries } as Target;
  });
  const plan: FailurePlan = {
    attempts: 1 + Math.floor(random() * 8),
    patience: Math.floor(random() * 20_000),
    contextFallbacks: [],
    contentFallbacks: [],
  };
  const seconds = Math.floor(random() * 40);
  const exchange = {
    model: 'asked',
    route: { targets },
    attempts: [],
    rescue: undefined,
    headers: seconds === 0 ? {} : { 'x-gatewright-timeout': `${seconds}` },
    timings: { start: 0 },
    hooks: {},
    ...bareAbort(),
    kernel: {
      clock,
      host: { random, traffic: new Traffic(clock) },
      models: { find: () => ({ onFailure: plan }), targetsOf: () => [] },
    },
  };
  return { exchange: exchange as unknown as LiveExchange, clock, plan, targets };
}

function bareAbort(): object {
  const abort = new Abort();
  return {
    onAbort: (listener: (reason: Error) => void) => abort.onAbort(listener),
    throwIfAborted: () => undefined,
  };
}

const CODES: readonly GatewayErrorCode[] = [
  'GW_UPSTREAM_ERROR',
  'GW_UPSTREAM_UNREACHABLE',
  'GW_UPSTREAM_TIMEOUT',
  'GW_UPSTREAM_EMPTY',
  'GW_BUDGET_EXCEEDED',
  'GW_TARGET_UNHEALTHY',
];
const STATUSES = [401, 404, 408, 429, 500, 503, 529];

function failure(random: () => number, target: string): GatewayError {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const code = pick(CODES);
  const status = pick(STATUSES);
  const retryAfter = random() < 0.3 ? Math.floor(random() * 8000) : undefined;
  return new GatewayError(code, `${target} failed`, {
    target,
    ...(code === 'GW_UPSTREAM_ERROR' ? { status, retryable: status > 404 } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

test('two thousand exchanges in which everything fails', async () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const random = dice(seed);
    const { exchange, clock, plan, targets } = trial(random);
    const course = new Course(exchange);
    const notBefore = new Map<Target, number>();
    const asked = new Map<Target, number>();
    let waited = 0;
    let target = targets[0] as Target;
    for (;;) {
      expect(clock.monotonic(), `seed ${seed}`).toBeGreaterThanOrEqual(notBefore.get(target) ?? 0);
      exchange.attempts.push({} as never);
      asked.set(target, (asked.get(target) ?? 0) + 1);
      clock.advance(Math.floor(random() * 2000));
      const error = failure(random, target.id);
      notBefore.set(target, clock.monotonic() + (error.details.retryAfter ?? 0));
      const step = await course.after(target, error);
      if (step === undefined) break;
      waited += step.wait;
      clock.advance(step.wait);
      ({ target } = step);
    }
    const deadline = Number(exchange.headers['x-gatewright-timeout'] ?? Infinity) * 1000;
    expect(exchange.attempts.length, `seed ${seed}`).toBeLessThanOrEqual(plan.attempts);
    expect(waited, `seed ${seed}`).toBeLessThanOrEqual(plan.patience);
    // The last attempt may have ended behind the deadline, but was begun before it.
    expect(clock.monotonic(), `seed ${seed}`).toBeLessThan(deadline + 2000);
    for (const [one, times] of asked) expect(times, `seed ${seed}`).toBeLessThanOrEqual(1 + most(one.retries));
    const error = course.error;
    expect(error.details.tried?.length ?? 1).toBe(exchange.attempts.length);
  }
});

const most = (retries: number | Retries): number =>
  typeof retries === 'number' ? retries : Math.max(1, ...Object.values(retries).map((count) => count ?? 1));
