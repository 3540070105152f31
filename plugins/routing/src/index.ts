/** The plugin: which target is asked first, and which cannot serve a request. */
import { definePlugin, type Attempt, type AttemptOutcome, type SetupContext, type Target } from '@gatewright/core';
import { BoundedMap } from './bounded-map.ts';
import { planLines } from './explanation.ts';
import { refuseFaults } from './faults.ts';
import { Mirrors, type MirrorOptions } from './mirror.ts';
import { planOf, type ModelPlan } from './model-plan.ts';
import {
  modelOptions,
  options,
  targetOptions,
  type ModelOptions,
  type Options,
  type StrategyName,
  type TargetOptions,
} from './options.ts';
import { Router } from './router.ts';
import { Balances } from './signals/balances.ts';
import { Busy } from './signals/busy.ts';
import { Latencies } from './signals/latencies.ts';
import { StrategyShelf } from './strategy-shelf.ts';

export default definePlugin({
  name: '@gatewright/routing',
  version: '0.1.0',
  engine: '^1',
  id: 'routing',
  options,
  modelOptions,
  targetOptions,
  usesIfPresent: ['prices', 'state', 'health'],
  supports: {
    hooks: ['route', 'meter.reserve', 'meter.settle', 'log'],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup(context, given) {
    refuseFaults(context.models(), given, context.id);
    const signals = signalsOf(context, given);
    const plans = plansOf(context, given, signals);
    const router = new Router(plans);
    const mirrored = context.slot<MirrorOptions | undefined>();
    const mirrors = new Mirrors(given.mirrors, context.random, context.clock, context.log);
    context.hooks.route.tap((route, exchange) => {
      // Later it is asked for the targets of other models, which are no reason to copy anything.
      const mirror = exchange.attempts.length === 0 ? router.planOf(route)?.mirror : undefined;
      if (mirror !== undefined) mirrored.set(exchange, mirror);
      return router.route(route, exchange);
    });
    const learn = learnerOf(context, signals, plans);
    const copies = [...plans.values()].some(({ mirror }) => mirror !== undefined);
    if (learn !== undefined || copies) {
      context.hooks.meter.settle.tap((outcome, attempt, exchange) => {
        learn?.(outcome, attempt);
        const mirror = outcome.result === 'success' ? mirrored.get(exchange) : undefined;
        if (mirror === undefined) return;
        mirrored.set(exchange, undefined);
        mirrors.copy(exchange, mirror);
      });
    }
    context.onServe(() => signals.balances.use(context.useIfPresent('state')));
    context.onDrain(() => mirrors.close());
    context.onPlan((model, targets) => {
      const plan = plans.get(model.name);
      return plan === undefined ? [] : planLines(plan, targets);
    });
  },
});

interface Signals {
  readonly busy: Busy;
  readonly latencies: Latencies;
  readonly balances: Balances;
}

/** Nothing has to be closed. */
const keep = (): void => undefined;

/** What is known of targets survives a reload. */
function signalsOf({ share }: SetupContext, { latency }: Options): Signals {
  return {
    busy: share('busy', () => new Busy(), keep),
    latencies: share(
      `latencies ${latency.of} ${latency.halfLife}`,
      () => new Latencies(latency.halfLife, latency.of),
      keep,
    ),
    balances: share('balances', () => new Balances(), keep),
  };
}

function plansOf(context: SetupContext, given: Options, signals: Signals): ReadonlyMap<string, ModelPlan> {
  const { id, clock, random, share } = context;
  const prices = context.useIfPresent('prices');
  const health = context.useIfPresent('health');
  const settingsOf = (target: Target): TargetOptions | undefined => target.with?.[id] as TargetOptions | undefined;
  const turnsOf = (model: string): { next: number } => share(`turns ${model}`, () => ({ next: 0 }), keep);
  const shelf = new StrategyShelf({ options: given, clock, prices, settingsOf, turnsOf, ...signals });
  const catalogued = new BoundedMap<number>();
  const lookUp = (target: Target): number | undefined => {
    let window = catalogued.get(target.id);
    if (window === undefined) {
      window = prices?.describe?.(target, clock.now())?.contextWindow ?? 0;
      catalogued.set(target.id, window);
    }
    return window === 0 ? undefined : window;
  };
  const plans = context.models().map((model): ModelPlan => {
    const own = model.with?.[id] as ModelOptions | undefined;
    const said = model.info?.contextWindow;
    return planOf({
      model: model.name,
      ids: model.targets.map((target) => `${target.provider}/${target.model}`),
      options: given,
      own: own ?? {},
      shelf,
      windowOf: (target) => settingsOf(target)?.contextWindow ?? said ?? lookUp(target),
      settingsOf,
      hasSpares: (model.onFailure?.contextFallbacks ?? []).length > 0,
      random,
      health,
    });
  });
  return new Map(plans.map((plan) => [plan.model, plan]));
}

/** What is to be learned from attempts, and only that; undefined where no strategy in use learns. */
function learnerOf(
  context: SetupContext,
  { busy, latencies, balances }: Signals,
  plans: ReadonlyMap<string, ModelPlan>,
): ((outcome: AttemptOutcome, attempt: Attempt) => void) | undefined {
  const { hooks, clock } = context;
  const used = new Set<StrategyName>([...plans.values()].flatMap(({ strategies }) => strategies));
  const counts = used.has('least-busy');
  if (counts) {
    // Behind all meters that may refuse the attempt.
    hooks.meter.reserve.tap(
      (attempt) => {
        busy.begin(attempt);
        return undefined;
      },
      { stage: 'late' },
    );
    hooks.log.tap(({ id }) => busy.over(id));
  }
  const times = used.has('lowest-latency');
  const budgets = used.has('most-budget');
  if (budgets && context.useIfPresent('state') === undefined) {
    throw new Error('the strategy most-budget needs counters: add a plugin that provides state');
  }
  if (!counts && !times && !budgets) return undefined;
  return (outcome, attempt) => {
    if (counts) busy.end(attempt);
    if (times) latencies.learn(attempt.target.id, outcome, clock.monotonic());
    if (budgets) balances.learn(attempt, clock.now());
  };
}
