/** How many requests and calls have a place, wait for one, or were sent away. */
import type { LoadStats } from '@gatewright/core';
import { Counter, Gauge, type Registry } from './prom.ts';

const NONE: LoadStats = { running: 0, waiting: 0, shed: 0, targets: [], shedByTargets: 0 };

export class LoadMetrics {
  #source: () => LoadStats = () => NONE;

  constructor(registry: Registry) {
    const read = (): LoadStats => this.#source();
    this.#gauge(registry, 'gatewright_load_running', 'Requests that have a place under `load.concurrency`.', 'running');
    this.#gauge(registry, 'gatewright_load_waiting', 'Requests that wait for a place in the gateway.', 'waiting');
    const shed = new Counter({
      name: 'gatewright_load_shed_total',
      help: 'Requests that were sent away by the gateway, and calls that found no place at a target.',
      labelNames: ['by'],
      registers: [],
      collect() {
        const stats = read();
        this.reset();
        this.inc({ by: 'gateway' }, stats.shed);
        this.inc({ by: 'target' }, stats.shedByTargets);
      },
    });
    registry.registerMetric(shed);
    for (const kind of ['running', 'waiting'] as const) {
      const gauge = new Gauge({
        name: `gatewright_target_calls_${kind}`,
        help: `Calls ${kind === 'running' ? 'under way to' : 'that wait for'} targets whose \`concurrency\` is bounded.`,
        labelNames: ['target'],
        registers: [],
        collect() {
          this.reset();
          for (const one of read().targets) this.set({ target: one.target }, one[kind]);
        },
      });
      registry.registerMetric(gauge);
    }
  }

  /** Where the numbers are read from. */
  readFrom(source: () => LoadStats): void {
    this.#source = source;
  }

  #gauge(registry: Registry, name: string, help: string, kind: 'running' | 'waiting'): void {
    const read = (): number => this.#source()[kind];
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    registry.registerMetric(gauge);
  }
}
