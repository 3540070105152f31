/** Makes the strategies that models name, out of what the plugin knows of targets. */
import type { Clock, Prices, Target } from '@gatewright/core';
import type { Options, StrategyName, TargetOptions } from './options.ts';
import { Sessions } from './session.ts';
import type { Balances } from './signals/balances.ts';
import type { Busy } from './signals/busy.ts';
import type { Latencies } from './signals/latencies.ts';
import { LeastBusy } from './strategies/least-busy.ts';
import { LowestCost } from './strategies/lowest-cost.ts';
import { LowestLatency } from './strategies/lowest-latency.ts';
import { MostBudget } from './strategies/most-budget.ts';
import { Ordered } from './strategies/ordered.ts';
import { RoundRobin } from './strategies/round-robin.ts';
import { Sticky } from './strategies/sticky.ts';
import { Tags } from './strategies/tags.ts';
import { weighted } from './strategies/weighted.ts';
import type { Strategy } from './strategy.ts';

export interface ShelfParts {
  readonly options: Options;
  readonly clock: Clock;
  readonly busy: Busy;
  readonly latencies: Latencies;
  readonly balances: Balances;
  /** Whose turn it is, for each model; kept through a reload. */
  readonly turnsOf: (model: string) => { next: number };
  readonly prices: Prices | undefined;
  readonly settingsOf: (target: Target) => TargetOptions | undefined;
}

export class StrategyShelf {
  readonly sessions: Sessions;
  readonly #parts: ShelfParts;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
    this.sessions = new Sessions(parts.options.sticky);
  }

  /** Throws an Error where it needs a service that is not there. */
  strategyOf(name: StrategyName, model: string, ids: readonly string[]): Strategy {
    const { options, clock, busy, latencies, balances, turnsOf, prices, settingsOf } = this.#parts;
    switch (name) {
      case 'weighted':
        return weighted;
      case 'ordered':
        return new Ordered(ids);
      case 'round-robin':
        return new RoundRobin(new Ordered(ids), turnsOf(model));
      case 'least-busy':
        return new LeastBusy(busy);
      case 'lowest-latency':
        return new LowestLatency(latencies, options.latency.tolerance, clock);
      case 'lowest-cost':
        if (prices === undefined) {
          throw new Error('the strategy lowest-cost needs prices: add a plugin that provides them');
        }
        return new LowestCost(prices, clock);
      case 'most-budget':
        return new MostBudget(balances, clock);
      case 'tags':
        return new Tags(
          (target) => settingsOf(target)?.tags,
          options.tagHeader === false ? undefined : options.tagHeader,
        );
      case 'sticky':
        return new Sticky(this.sessions);
    }
  }
}
