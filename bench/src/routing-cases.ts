/** What choosing a target among a hundred costs, by strategy. */
import { firstOf } from '@gatewright/core';
import type { Attempt, AttemptOutcome, Exchange, Prices, Route, SetupContext, State, Target } from '@gatewright/core';
import routing from '@gatewright/routing';
import { systemClock } from '../../core/src/clock.ts';
import type { NormalModel, NormalTarget } from '../../core/src/config/normal.ts';
import { outlineOf } from '../../core/src/json/outline.ts';
import { ModelTable } from '../../core/src/kernel/models.ts';
import type { MicroCase } from './micro.ts';

const TARGETS = 100;
const CALLS = 100;
const STRATEGIES = [
  'weighted',
  'ordered',
  'round-robin',
  'least-busy',
  'lowest-latency',
  'lowest-cost',
  'most-budget',
  'tags',
  'sticky',
] as const;

/** Only `tags` may have targets with tags. */
const written = (tags: object): readonly NormalTarget[] =>
  Array.from({ length: TARGETS }, (_, index) => ({
    provider: `provider-${index % 7}`,
    model: `model-${index}`,
    weight: 1 + (index % 3),
    retries: 1,
    timeouts: { connect: 1, headers: 1, idle: 1, total: 1 },
    unsupported: 'refuse',
    reports: 'upstream',
    rescue: 'error',
    onClientGone: 'cancel',
    keepAlive: 0,
    with: { routing: { ...tags, contextWindow: 128_000, region: 'eu' } },
    position: { path: 'bench' },
  }));
const smart = (strategy?: string): NormalModel => ({
  name: 'smart',
  aliases: [],
  targets: written(strategy === 'tags' ? { tags: ['gold'] } : {}),
  fallbacks: [],
  position: { path: 'bench' },
});

const PRICES: Prices = {
  cost: () => undefined,
  priced: () => true,
  bound: ({ model }, { input, output }) => BigInt((Number(model.slice(6)) % 13) * (input + output)),
};

/** Requests of different callers, with a prompt of 8 kB; every other one names a session. */
const requests: readonly Exchange[] = Array.from({ length: CALLS }, (_, index) => {
  const body = { model: 'smart', messages: [{ role: 'user', content: `${index} ${'word '.repeat(1600)}` }] };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    id: `gw_${index}`,
    operation: 'chat',
    model: 'smart',
    stream: true,
    headers: { 'x-gatewright-session': index % 2 === 0 ? `session-${index}` : undefined },
    identity: { key: `key-${index}`, tags: ['gold'] },
    body: outlineOf(bytes),
    attempts: [],
    trace: undefined,
    size: () => ({ bytes: bytes.length }),
  } as unknown as Exchange;
});

/** The core's own choice by weight; then each strategy of the plugin, with its checks, from what the configuration lists. */
export function routingCases(): MicroCase[] {
  const drawing = (model: NormalModel): (() => Route) => {
    const table = new ModelTable([model], 0);
    return () => table.route('smart', { key: 'k' }, Math.random);
  };
  const draw = drawing(smart());
  const one = (name: string, choose: (exchange: Exchange) => unknown): MicroCase => ({
    name,
    per: 'request',
    count: CALLS,
    run() {
      for (const exchange of requests) choose(exchange);
    },
  });
  const strategies = STRATEGIES.flatMap((strategy): MicroCase[] => {
    const offer = drawing(smart(strategy));
    const tap = routeTap(strategy, offer().targets);
    const route = (exchange: Exchange): Route => tap(offer(), exchange) as Route;
    const all = `the strategy ${strategy}, with all checks: all of ${TARGETS} targets in order, as where the first fails`;
    return [
      one(`the strategy ${strategy}, with all checks: the first of ${TARGETS} targets`, (exchange) =>
        firstOf(route(exchange)),
      ),
      one(all, (exchange) => route(exchange).targets),
    ];
  });
  return [
    one(`by weight alone: the first of ${TARGETS} targets`, () => firstOf(draw())),
    one(`by weight alone: all of ${TARGETS} targets in order, as where the first fails`, () => draw().targets),
    ...strategies,
  ];
}

type Taps = Parameters<SetupContext['hooks']['route']['tap']>[0];

/** The plugin's tap, when it has seen calls to all targets: how long they took, what they left of limits, some under way. */
function routeTap(strategy: string, targets: readonly Target[]): Taps {
  const taps: Record<string, (...given: never[]) => unknown> = {};
  const point = (name: string): object => ({ tap: (fn: (...given: never[]) => unknown) => (taps[name] = fn) });
  const nothing = (): void => undefined;
  const context = {
    id: 'routing',
    clock: systemClock,
    random: Math.random,
    models: () => [smart(strategy)],
    hooks: {
      route: point('route'),
      meter: { reserve: point('reserve'), settle: point('settle') },
      log: point('log'),
    },
    share: (_key: string, open: () => unknown) => open(),
    slot: () => ({ get: nothing, set: nothing }),
    useIfPresent: (name: string) => (name === 'prices' ? PRICES : ({} as State)),
    onServe: nothing,
    onDrain: nothing,
    onPlan: nothing,
  };
  // An hour: nothing that was learned is forgotten while it is measured.
  const options = routing.options.parse({ strategy, latency: { halfLife: '1h' } });
  void routing.setup(context as unknown as SetupContext, options);
  for (const [index, target] of targets.entries()) {
    const outcome = { result: 'success', status: 200, usageComplete: true, duration: 900 } satisfies AttemptOutcome;
    const attempt = attemptTo(target, index);
    taps['settle']?.(
      { ...outcome, timeToFirstToken: 100 + ((index * 37) % 400) } as never,
      attempt as never,
      attempt.exchange as never,
    );
    if (index % 3 > 0) taps['reserve']?.(attempt as never);
  }
  return taps['route'] as unknown as Taps;
}

function attemptTo(target: Target, index: number): Attempt {
  const claim = { kind: 'limit', scope: `target:${target.id}`, unit: 'tokens', amount: 1n, limit: 1000n };
  const window = { kind: 'total', name: 'ever' };
  const grant = { period: '', balance: { spent: BigInt((index * 71) % 1000), reserved: 0n } };
  const exchange = { id: `gw_before_${index}`, attempts: [] };
  return { exchange, target, reserved: { claims: [{ ...claim, window }], grants: [grant] } } as unknown as Attempt;
}
