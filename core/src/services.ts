/** The services that plugins provide to each other: small typed interfaces, found by name. */
import type { Bindings } from './bindings.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import type { ModelPrice } from './operations.ts';
import type { Target } from './route.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';
import type { Usage } from './usage.ts';

/** Money, in integer nano-dollars (1e-9 USD). */
export interface Cost {
  /** The whole cost of an attempt. */
  readonly nanos: bigint;
  readonly inputNanos: bigint;
  readonly outputNanos: bigint;
  /** Where the price came from: the catalogue's or the configuration's name of it. */
  readonly price: string;
}

/** Knows what targets cost. */
export interface Prices {
  /** The cost of what was used; undefined where the target has no price. `time` in Unix milliseconds: prices change. */
  cost(target: Target, usage: Usage, time: number): Cost | undefined;
  /**
   * The most nano-dollars that so many tokens can cost, whatever classes they turn out to be of; undefined where the
   * target has no price. Searches, images and sound by the minute are not in it.
   */
  bound(target: Target, tokens: { readonly input: number; readonly output: number }, time: number): bigint | undefined;
  /** Whether the target has a price at all. */
  priced(target: Target, time: number): boolean;
  /** What is known of a target's model, for model lists; undefined where nothing is. */
  describe?(target: Target, time: number): TargetFacts | undefined;
}

/** What a catalogue knows of a model. */
export interface TargetFacts {
  readonly displayName?: string;
  /** Tokens that fit into it, input and output together. */
  readonly contextWindow?: number;
  readonly price?: ModelPrice;
}

/** The table of services. A plugin adds one by declaration merging. */
export interface Services {
  health: Health;
  prices: Prices;
  state: State;
  store: Store;
  logger: Logger;
  /** Where no plugin provides it, bindings are kept in memory. */
  bindings: Bindings;
}

export type ServiceName = keyof Services;
