/** Collects taps while plugins are set up, and seals them into the hooks that exchanges run. */
import type { Clock } from '../clock.ts';
import type { GatewayError } from '../errors.ts';
import type { Operation } from '../operations.ts';
import { checkOf, RESULT_CHECKS, type HookName } from './checks.ts';
import { hookPoints } from './facade.ts';
import { orderTaps, type OrderProblem } from './order.ts';
import type { HookPoints, OperationTapOptions, ProviderOperation } from './points.ts';
import { BailSeries, IsolatedSeries, WaterfallSeries } from './series.ts';
import type { HookStats } from './stats.ts';
import { Tap, type PluginRef, type TapSpec } from './tap.ts';
import type { Identity } from '../identity.ts';
import type { Reply } from '../reply.ts';
import type { Route } from '../route.ts';

/** The dialects of each operation that a provider serves, the one that it prefers first. */
export type ProviderOperations = ReadonlyMap<Operation, readonly ProviderOperation[]>;

/** A provider plugin, ready to be called. */
export interface ProviderEntry {
  readonly id: string;
  readonly tap: Tap;
  readonly operations: ProviderOperations;
}

/** The hooks of one operation. What nobody taps is undefined or empty, and costs nothing. */
export interface OperationHooks {
  readonly auth: BailSeries<Identity> | undefined;
  readonly route: WaterfallSeries<Route> | undefined;
  readonly request: WaterfallSeries<unknown> | undefined;
  /** In the order they run: reverse config order. */
  readonly event: readonly Tap[];
  readonly response: WaterfallSeries<unknown> | undefined;
  readonly answer: BailSeries<Reply> | undefined;
  readonly reserve: readonly Tap[];
  readonly settle: IsolatedSeries | undefined;
  readonly log: readonly Tap[];
}

/** What one plugin taps. */
export interface Tapped {
  readonly hooks: ReadonlySet<HookName>;
  readonly operations: ReadonlySet<Operation>;
}

/** The response side runs in reverse config order, so that pairs such as mask and unmask nest. */
export const REVERSED: ReadonlySet<string> = new Set(['transform.event', 'transform.response']);

/** Operations that nothing is reserved for, and that are settled for those alone who name them: what they ask for was paid when it was made. */
const UNMETERED: ReadonlySet<Operation> = new Set<Operation>(['kept']);

export class HookRegistry {
  readonly #clock: Clock;
  readonly #report: (error: GatewayError) => void;
  readonly #defaultTimeout: number;
  readonly #specs = new Map<HookName, TapSpec[]>();
  readonly #providers = new Map<string, { spec: TapSpec; operations: ProviderOperations }>();
  readonly #taps = new Map<HookName, Tap[]>();
  readonly providers = new Map<string, ProviderEntry>();
  readonly problems: OrderProblem[] = [];
  readonly #cache = new Map<Operation, OperationHooks>();
  #sealed = false;

  /** `report` hears of failures that end nothing: those of `meter.settle` and `log`. */
  constructor(clock: Clock, defaultTimeout: number, report: (error: GatewayError) => void) {
    this.#clock = clock;
    this.#defaultTimeout = defaultTimeout;
    this.#report = report;
  }

  get sealed(): boolean {
    return this.#sealed;
  }

  /** The hook points as one plugin sees them. */
  pointsFor(plugin: PluginRef): HookPoints {
    return hookPoints(plugin, this);
  }

  add(hook: HookName, plugin: PluginRef, fn: TapSpec['fn'], options: OperationTapOptions = {}): void {
    const specs = this.#specs.get(hook) ?? [];
    specs.push(this.#spec(hook, plugin, fn, options, plugin.timeout ?? options.timeout ?? this.#defaultTimeout));
    this.#specs.set(hook, specs);
  }

  addProvider(id: string, plugin: PluginRef, fn: TapSpec['fn'], operations: ProviderOperations): void {
    // A provider's time limits are those of its targets.
    const spec = this.#spec('call', plugin, fn, {}, 0);
    const other = this.#providers.get(id);
    if (other === undefined) this.#providers.set(id, { spec, operations });
    else {
      const message = `Plugin "${plugin.id}" (${plugin.where}) serves the provider "${id}", which "${other.spec.plugin.id}" (${other.spec.plugin.where}) serves already.`;
      this.problems.push({ plugin: plugin.id, message });
    }
  }

  /** What a plugin has tapped, and for which operations. */
  tappedBy(plugin: string): Tapped {
    const own = [...this.#specs].flatMap(([hook, specs]) => {
      return specs.filter((spec) => spec.plugin.id === plugin).map((spec) => ({ hook, spec }));
    });
    const hooks = new Set(own.map(({ hook }) => hook));
    const operations = new Set(own.flatMap(({ spec }) => spec.operations ?? []));
    for (const { spec, operations: served } of this.#providers.values()) {
      if (spec.plugin.id !== plugin) continue;
      hooks.add('call');
      for (const operation of served.keys()) operations.add(operation);
    }
    return { hooks, operations };
  }

  /** Orders and wraps all taps; what could not be honoured is in {@link problems}. The ids are in config order. */
  seal(pluginIds: ReadonlySet<string>): void {
    this.#sealed = true;
    const places = new Map([...pluginIds].map((id, place) => [id, place]));
    const placeOf = ({ plugin }: TapSpec): number => places.get(plugin.id) ?? 0;
    for (const [hook, specs] of this.#specs) {
      // Plugins are set up in the order of their services, which may differ from the one that they run in.
      const inConfigOrder = specs.toSorted((a, b) => placeOf(a) - placeOf(b));
      const ordered = orderTaps(inConfigOrder, pluginIds, this.problems);
      if (REVERSED.has(hook)) ordered.reverse();
      this.#taps.set(
        hook,
        ordered.map((spec) => {
          const check = checkOf(hook, spec.plugin.supports?.mutates);
          return new Tap(spec, check, this.#clock, this.#report);
        }),
      );
    }
    for (const [id, { spec, operations }] of this.#providers) {
      this.providers.set(id, { id, tap: new Tap(spec, RESULT_CHECKS.call, this.#clock, this.#report), operations });
    }
  }

  /** The hooks of an operation; made once. */
  of(operation: Operation): OperationHooks {
    let hooks = this.#cache.get(operation);
    if (hooks === undefined) {
      hooks = this.#build(operation);
      this.#cache.set(operation, hooks);
    }
    return hooks;
  }

  /** The sealed taps of a hook in the order they run, for `plan`. */
  list(hook: HookName): readonly Tap[] {
    return this.#taps.get(hook) ?? [];
  }

  stats(): HookStats[] {
    const taps = [...this.#taps.values()].flat().map((tap) => tap.stats);
    return [...taps, ...[...this.providers.values()].map((provider) => provider.tap.stats)];
  }

  #build(operation: Operation): OperationHooks {
    const taps = (hook: HookName): Tap[] =>
      this.list(hook).filter((tap) => tap.spec.operations === undefined || tap.spec.operations.includes(operation));
    const some = <T>(hook: HookName, make: (taps: Tap[]) => T): T | undefined => {
      const list = taps(hook);
      return list.length === 0 ? undefined : make(list);
    };
    const isMetered = !UNMETERED.has(operation);
    const settling = taps('meter.settle').filter(({ spec }) => isMetered || spec.operations !== undefined);
    return {
      auth: some('auth', (list) => new BailSeries<Identity>(list)),
      route: some('route', (list) => new WaterfallSeries<Route>(list)),
      request: some('transform.request', (list) => new WaterfallSeries(list)),
      event: taps('transform.event'),
      response: some('transform.response', (list) => new WaterfallSeries(list)),
      answer: some('call.answer', (list) => new BailSeries<Reply>(list)),
      reserve: isMetered ? taps('meter.reserve') : [],
      settle: settling.length === 0 ? undefined : new IsolatedSeries(settling, this.#report),
      log: taps('log'),
    };
  }

  #spec(hook: HookName, plugin: PluginRef, fn: TapSpec['fn'], options: OperationTapOptions, timeout: number): TapSpec {
    const { stage = 'normal', before = [], after = [], operations } = options;
    return { hook, plugin, fn, stage, before: [before].flat(), after: [after].flat(), operations, timeout };
  }
}
