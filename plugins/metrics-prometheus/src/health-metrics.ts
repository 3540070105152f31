/** Which targets are called and which are not, and how often that has changed. */
import type { TargetHealth } from '@gatewright/core';
import { Counter, Gauge, type Registry } from './prom.ts';

type Source = () => readonly TargetHealth[];

const STATES: readonly TargetHealth['state'][] = ['closed', 'half-open', 'open'];

export class HealthMetrics {
  readonly #most: number;
  #source: Source = () => [];

  /** @param most targets that are shown; those that are worst off go first. */
  constructor(registry: Registry, most: number) {
    this.#most = most;
    const shown = (): readonly TargetHealth[] => this.#shown();
    const state = new Gauge({
      name: 'gatewright_target_state',
      help: 'The state of the breaker of a target or a provider: 1 for the one that it is in.',
      labelNames: ['target', 'scope', 'state'],
      registers: [],
      // Of several processes, the one that is worst off is shown beside the others.
      aggregator: 'max',
      collect() {
        this.reset();
        for (const { id: target, scope, state: current } of shown()) {
          for (const one of STATES) this.set({ target, scope, state: one }, one === current ? 1 : 0);
        }
      },
    });
    const openings = new Counter({
      name: 'gatewright_target_openings_total',
      help: 'How often the breaker of a target or a provider has opened.',
      labelNames: ['target', 'scope'],
      registers: [],
      collect() {
        this.reset();
        for (const { id: target, scope, openings: count } of shown()) this.inc({ target, scope }, count);
      },
    });
    registry.registerMetric(state);
    registry.registerMetric(openings);
  }

  /** Where the states are read from. */
  readFrom(source: Source): void {
    this.#source = source;
  }

  #shown(): readonly TargetHealth[] {
    const all = this.#source();
    if (all.length <= this.#most) return all;
    return all.toSorted((a, b) => trouble(b) - trouble(a)).slice(0, this.#most);
  }
}

/** How badly off it is: first its state, then how often it opened. */
const trouble = ({ state, openings }: TargetHealth): number => STATES.indexOf(state) * 1e9 + openings;
