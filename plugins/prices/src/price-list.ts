/** What each target costs: the configuration's price, or the catalogue's. */
import {
  matchesPattern,
  type Cost,
  type Logger,
  type ModelPrice,
  type Prices,
  type Target,
  type TargetFacts,
  type Usage,
} from '@gatewright/core';
import { catalogueId, dropCatalogue, isCatalogued, lookUp, type ListedPrice } from './catalogue.ts';
import { ceilDivide, PRICE_PLACES, REQUEST_PRICE_PLACES, scaled, TOKEN_PRICE_PLACES, unscaled } from './decimal.ts';
import type { Override, PricesOptions } from './options.ts';
import { PlainCard } from './plain-card.ts';
import { charge, mostOf, OUTPUT_CLASSES, type RateCard, type Rates, type TokenClass, type UnitRates } from './rates.ts';

/** What to do about a target without a price. */
export const PRICE_HELP =
  'Give it a price in the "overrides" of @gatewright/prices, list it under "free", ' +
  'or say under "providers" which provider of the catalogue its provider is.';

/** Targets that are looked up in one step: a quarter of a millisecond each. */
const AT_ONCE = 8;

/** Pico-dollars in a nano-dollar. */
const PICOS = 1000n;

const FREE: RateCard = cardOf({
  model: '*',
  input: '0',
  output: '0',
  search: '0',
  webSearch: '0',
  image: '0',
  audioMinute: '0',
  character: '0',
});

interface Entry {
  readonly price: ListedPrice | undefined;
  /** What it costs at the time of the last request. */
  card: RateCard | undefined;
  plain: PlainCard | undefined;
  /** A class without a price, and a count that is none, are said once per target. */
  warned: boolean;
}

type NamedTarget = Pick<Target, 'provider' | 'model'>;

export class PriceList implements Prices {
  readonly #options: PricesOptions;
  readonly #log: Logger;
  readonly #own: readonly ListedPrice[];
  readonly #entries = new WeakMap<Target, Entry>();
  /** What the catalogue has of the targets that the configuration names, once they were looked up. */
  readonly #listed = new Map<string, ListedPrice | undefined>();
  /** Targets that were said to have no price; by name, as targets of one name share it. */
  readonly #unpriced = new Set<string>();

  constructor(options: PricesOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#own = options.overrides.map((override, index) => fixed(`config overrides[${index}]`, cardOf(override)));
  }

  priced(target: Target, time: number): boolean {
    return this.#entry(target).price?.at(time) !== undefined;
  }

  /** The exact sum, rounded up once to nano-dollars. The parts add up to it, but for the price of the request itself. */
  cost(target: Target, usage: Usage, time: number): Cost | undefined {
    const entry = this.#entry(target);
    const card = entry.price?.at(time);
    if (entry.price === undefined || card === undefined) return undefined;
    if (card !== entry.card) {
      entry.card = card;
      entry.plain = new PlainCard(card);
    }
    return entry.plain?.cost(usage, entry.price.name) ?? this.#exactly(target, usage, entry, entry.price.name, card);
  }

  #exactly(target: Target, usage: Usage, entry: Entry, name: string, card: RateCard): Cost | undefined {
    const sum = charge(card, usage);
    if (sum === undefined) {
      this.#warnOnce(entry, `The usage that ${target.id} reported has a count that is none, so its cost is not known.`);
      return undefined;
    }
    if (sum.unpriced !== undefined) {
      this.#warnOnce(
        entry,
        `${target.id} has no price for what is counted as "${sum.unpriced}", so that is not in its cost. Add an override.`,
      );
    }
    const inputNanos = ceilDivide(sum.input, PICOS);
    return {
      nanos: ceilDivide(sum.input + sum.output + sum.request, PICOS),
      inputNanos,
      outputNanos: ceilDivide(sum.input + sum.output, PICOS) - inputNanos,
      price: name,
    };
  }

  bound(target: Target, { input, output }: { input: number; output: number }, time: number): bigint | undefined {
    const card = this.#entry(target).price?.at(time);
    return card === undefined ? undefined : ceilDivide(mostOf(card, input, output), PICOS);
  }

  /** What the catalogue knows of a target's model, and its price per million tokens of each class. */
  describe(target: Target, time: number): TargetFacts | undefined {
    const { price } = this.#entry(target);
    // A price of the configuration's own says nothing else of the model.
    const { displayName, contextWindow } = price?.displayName === undefined ? (this.#catalogued(target) ?? {}) : price;
    const card = price?.at(time);
    return {
      ...(displayName === undefined ? {} : { displayName }),
      ...(contextWindow === undefined ? {} : { contextWindow }),
      ...(card === undefined ? {} : { price: pricesOf(card.bands[0].rates) }),
    };
  }

  /** What is missing, in a sentence. */
  whyUnpriced(target: Target): string {
    const provider = this.#catalogueId(target);
    const why = isCatalogued(provider)
      ? `the catalogue's provider "${provider}" has no price per token for "${target.model}"`
      : `the catalogue has no provider "${provider}"`;
    return `No price is known for ${target.id}: ${why}.`;
  }

  #entry(target: Target): Entry {
    let entry = this.#entries.get(target);
    if (entry === undefined) {
      entry = { price: this.#resolve(target), card: undefined, plain: undefined, warned: false };
      this.#entries.set(target, entry);
      if (entry.price === undefined) this.#warnUnpriced(target);
    }
    return entry;
  }

  /**
   * Looks up what these targets have in the catalogue, some with each step, so that no request waits for all of them. The
   * catalogue is not kept where no other target can come.
   */
  *prepare(targets: readonly NamedTarget[]): Generator<void, void> {
    const listed = targets.filter((target) => this.#ownPrice({ ...target, id: nameOf(target) }) === undefined);
    for (const [index, target] of listed.entries()) {
      if (index > 0 && index % AT_ONCE === 0) yield;
      this.#listed.set(nameOf(target), this.#catalogued(target));
    }
    if (targets.every(({ model }) => !model.includes('*'))) dropCatalogue();
  }

  #resolve(target: Target): ListedPrice | undefined {
    return this.#ownPrice(target) ?? this.#catalogued(target);
  }

  #catalogued(target: NamedTarget): ListedPrice | undefined {
    const name = nameOf(target);
    if (this.#listed.has(name)) return this.#listed.get(name);
    return lookUp(this.#catalogueId(target), target.model);
  }

  #ownPrice(target: NamedTarget & Pick<Target, 'id'>): ListedPrice | undefined {
    const { overrides, free } = this.#options;
    const own = overrides.findIndex(
      ({ provider, model }) => matchesPattern(provider ?? '*', target.provider) && matchesPattern(model, target.model),
    );
    if (own >= 0) return this.#own[own];
    const gift = free.findIndex((pattern) => matchesPattern(pattern, target.id));
    return gift >= 0 ? fixed(`config free[${gift}]`, FREE) : undefined;
  }

  #catalogueId({ provider }: NamedTarget): string {
    const { providers } = this.#options;
    return Object.hasOwn(providers, provider) ? (providers[provider] as string) : catalogueId(provider);
  }

  #warnUnpriced(target: Target): void {
    if (this.#options.unpriced === 'ignore' || this.#unpriced.has(target.id)) return;
    this.#unpriced.add(target.id);
    const then = this.#options.unpriced === 'refuse' ? 'It is refused.' : 'What it costs is counted nowhere.';
    this.#log.warn(`${this.whyUnpriced(target)} ${then} ${PRICE_HELP}`, { target: target.id });
  }

  #warnOnce(entry: Entry, message: string): void {
    if (entry.warned || this.#options.unpriced === 'ignore') return;
    entry.warned = true;
    this.#log.warn(message);
  }
}

const nameOf = ({ provider, model }: NamedTarget): string => `${provider}/${model}`;

/** Those that a class of its own has: what costs the same as input or output needs no saying. */
function pricesOf(rates: Rates): ModelPrice {
  const entries = (Object.keys(rates) as TokenClass[]).flatMap((name): [string, string][] => {
    const [rate, usual] = [rates[name], isOutput(name) ? rates.output : rates.input];
    if (rate === undefined || (rate === usual && name !== 'input' && name !== 'output')) return [];
    return [[name, unscaled(rate, TOKEN_PRICE_PLACES)]];
  });
  return Object.fromEntries(entries);
}

const isOutput = (name: TokenClass): boolean => (OUTPUT_CLASSES as readonly string[]).includes(name);

function fixed(name: string, card: RateCard): ListedPrice {
  return { name, at: () => card };
}

function cardOf(override: Override): RateCard {
  const { input, output, cacheWrite5m = input } = override;
  const { cacheRead = input, cacheWrite1h = cacheWrite5m, audioInput = input, imageInput = input } = override;
  const { reasoning = output, audioOutput = output, imageOutput = output, request = '0' } = override;
  const named = {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    audioInput,
    imageInput,
    output,
    reasoning,
    audioOutput,
    imageOutput,
  };
  const rates = Object.fromEntries(
    Object.entries(named).map(([name, text]) => [name, scaled(text, TOKEN_PRICE_PLACES)]),
  ) as unknown as Rates;
  return {
    bands: [{ above: -1, rates }],
    request: scaled(request, REQUEST_PRICE_PLACES) ?? 0n,
    units: unitsOf(override),
  };
}

function unitsOf({ search, webSearch, image, audioMinute, character }: Override): UnitRates {
  return {
    searches: rateOf(search, REQUEST_PRICE_PLACES),
    webSearches: rateOf(webSearch, REQUEST_PRICE_PLACES),
    images: rateOf(image, PRICE_PLACES),
    seconds: rateOf(audioMinute, PRICE_PLACES),
    characters: rateOf(character, TOKEN_PRICE_PLACES),
  };
}

function rateOf(text: string | undefined, places: number): bigint | undefined {
  return text === undefined ? undefined : scaled(text, places);
}
