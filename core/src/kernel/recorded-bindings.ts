/** Bindings that no process remembers, found again in the rows of usage: those outlive restarts, and all replicas have them. */
import { bindingKey, tenantOf, type Binding, type Bindings } from '../bindings.ts';
import type { Clock } from '../clock.ts';
import type { Awaitable } from '../hooks/points.ts';
import type { Operation } from '../operations.ts';
import type { Store, UsageRow } from '../store.ts';

/** How far back is looked, in milliseconds: providers keep answers for thirty days. */
const KEPT_FOR = 30 * 86_400_000;
/** Rows that are looked at: more than one has the same id where several tenants, or providers, have one. */
const MOST_ROWS = 20;
/** Deleted things that are remembered, since their rows stay. */
const MOST_GONE = 10_000;

/** Asks memory first, then the store, then whoever else may know. */
export class RecordedBindings implements Bindings {
  readonly #others: Bindings;
  readonly #memory: Bindings;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #gone = new Set<string>();

  /** `memory` is what `others` asks first, too. */
  constructor(others: Bindings, memory: Bindings, store: Store, clock: Clock) {
    this.#others = others;
    this.#memory = memory;
    this.#store = store;
    this.#clock = clock;
  }

  find(tenant: string, id: string): Awaitable<Binding | undefined> {
    const known = this.#memory.find(tenant, id);
    if (known instanceof Promise) return known.then((found) => found ?? this.#look(tenant, id));
    return known ?? this.#look(tenant, id);
  }

  bind(tenant: string, id: string, binding: Binding): void {
    this.#gone.delete(bindingKey(tenant, id));
    this.#others.bind(tenant, id, binding);
  }

  release(tenant: string, id: string): void {
    this.#others.release(tenant, id);
    this.#gone.add(bindingKey(tenant, id));
    if (this.#gone.size > MOST_GONE) this.#gone.delete(this.#gone.values().next().value as string);
  }

  async #look(tenant: string, id: string): Promise<Binding | undefined> {
    if (this.#gone.has(bindingKey(tenant, id))) return undefined;
    const from = this.#clock.now() - KEPT_FOR;
    const rows = await this.#store.usage({ kept: id, from, limit: MOST_ROWS });
    const row = rows.find((one) => one.kept === true && one.upstreamId === id && tenantOf(one) === tenant);
    if (row === undefined) return this.#others.find(tenant, id);
    const binding = bindingOf(row);
    this.#memory.bind(tenant, id, binding);
    return binding;
  }
}

function bindingOf({ provider, upstreamModel, model, operation }: UsageRow): Binding {
  return { provider, target: `${provider}/${upstreamModel}`, model, operation: operation as Operation };
}
