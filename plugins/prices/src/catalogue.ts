/** The offline catalogue of @pydantic/genai-prices 0.1.8, read into rate cards. */
import { createRequire } from 'node:module';
import type * as Catalogue from '@pydantic/genai-prices';
import type { ConditionalPrice, ModelInfo, ModelPrice } from '@pydantic/genai-prices';
import { CATALOGUE_PROVIDERS } from './catalogue-providers.ts';
import { ceilDivide, PRICE_PLACES, REQUEST_PRICE_PLACES, scaledNumber, TOKEN_PRICE_PLACES } from './decimal.ts';
import { INPUT_CLASSES, OUTPUT_CLASSES, type Band, type RateCard, type Rates, type TokenClass } from './rates.ts';

/** The price of a model, which may depend on when it is used. */
export interface ListedPrice {
  /** What records show as the origin of the price. */
  readonly name: string;
  /** The card that holds at a time in Unix milliseconds; undefined where no token price holds then. */
  at(time: number): RateCard | undefined;
  /** The catalogue's name for people. */
  readonly displayName?: string;
  /** Tokens that fit into the model. */
  readonly contextWindow?: number;
}

const PACKAGE = '@pydantic/genai-prices';

const DAY = 86_400_000;

let kept: typeof Catalogue | undefined;

/** 3 MB, and 30 ms of work on its units of use: not at boot, and never where the configuration has all prices. */
export function loadCatalogue(): typeof Catalogue {
  if (kept !== undefined) return kept;
  // Node keeps what is asked for twice over: by its name, and as a part of who has asked.
  const ask = createRequire(import.meta.url);
  kept = ask(PACKAGE) as typeof Catalogue;
  Reflect.deleteProperty(ask.cache, ask.resolve(PACKAGE));
  return kept;
}

/** Gives its memory back; who looks something up loads it again. */
export function dropCatalogue(): void {
  kept = undefined;
}

/**
 * The catalogue's price keys for each class of token, the most specific first: the first that a model has is its price.
 * A write that is kept for five minutes is what the catalogue calls a cache write.
 */
const KEYS: Readonly<Record<TokenClass, readonly string[]>> = {
  input: ['input_mtok'],
  cacheRead: ['cache_read_mtok', 'input_mtok'],
  cacheWrite5m: ['cache_write_5m_mtok', 'cache_write_mtok', 'input_mtok'],
  cacheWrite1h: ['cache_write_1h_mtok', 'cache_write_mtok', 'input_mtok'],
  audioInput: ['input_audio_mtok', 'input_mtok'],
  imageInput: ['input_image_mtok', 'input_mtok'],
  output: ['output_mtok'],
  reasoning: ['output_reasoning_mtok', 'output_mtok'],
  audioOutput: ['output_audio_mtok', 'output_mtok'],
  imageOutput: ['output_image_mtok', 'output_mtok'],
};

/** A model that has none of these has no price that is of use here. */
const BILLED = ['input_mtok', 'output_mtok', 'rerank_searches_kcount', 'input_audio_hours'];

/** What the catalogue calls the providers whose plugins have other ids by default. */
const OTHER_IDS: ReadonlyMap<string, string> = new Map([
  ['azure-openai', 'azure'],
  ['bedrock', 'aws'],
  ['gemini', 'google'],
  ['vertex', 'google'],
]);

/** The catalogue's id for a provider, where its instance has the default one of its plugin. */
export function catalogueId(provider: string): string {
  return OTHER_IDS.get(provider) ?? provider;
}

/** Whether the catalogue has a provider of exactly this id. Its own looser matching would price a look-alike. */
export function isCatalogued(provider: string): boolean {
  return CATALOGUE_PROVIDERS.has(provider);
}

/** The catalogue's price of a provider's model, found by its own matchers; undefined where it has none per token. */
export function lookUp(provider: string, model: string): ListedPrice | undefined {
  if (!isCatalogued(provider)) return undefined;
  // The sum is ours: only which model it is gets asked for, at no particular time.
  const query = { providerId: provider, timestamp: new Date(0) };
  const found = withPlainOrder(() => loadCatalogue().calcPrice({}, model, query));
  if (found === null) return undefined;
  const variants = variantsOf(found.model);
  if (variants.every(({ card }) => card === undefined)) return undefined;
  return {
    name: `genai-prices ${provider}/${found.model.id}`,
    at: (time) => (variants.find(({ holds }) => holds(time)) ?? variants[variants.length - 1])?.card,
    ...(found.model.name === undefined ? {} : { displayName: found.model.name }),
    ...(found.model.context_window === undefined ? {} : { contextWindow: found.model.context_window }),
  };
}

/**
 * The catalogue sorts the names of its dimensions as the operator's language would: 10 ms and 2 MB, for all the languages that Node
 * knows. They are plain words, which have one order in all.
 */
function withPlainOrder<T>(ask: () => T): T {
  const { prototype } = String;
  const asBefore = Object.getOwnPropertyDescriptor(prototype, 'localeCompare') as PropertyDescriptor;
  Object.defineProperty(prototype, 'localeCompare', { ...asBefore, value: comparePlainly });
  try {
    return ask();
  } finally {
    Object.defineProperty(prototype, 'localeCompare', asBefore);
  }
}

function comparePlainly(this: string, other: string): number {
  return Number(this > other) - Number(this < other);
}

interface Variant {
  readonly holds: (time: number) => boolean;
  readonly card: RateCard | undefined;
}

/** The prices of a model in the order in which they are tried: the last that is listed wins where it holds. */
function variantsOf({ prices }: ModelInfo): Variant[] {
  const listed: readonly ConditionalPrice[] = Array.isArray(prices) ? prices : [{ prices }];
  return listed.map((price) => ({ holds: holdsWhen(price.constraint), card: cardOf(price.prices) })).reverse();
}

function holdsWhen(constraint: ConditionalPrice['constraint']): Variant['holds'] {
  if (constraint === undefined) return () => true;
  if (constraint.type === 'start_date') {
    const start = Date.parse(`${constraint.start_date}T00:00:00Z`);
    return (time) => time >= start;
  }
  const start = timeOfDay(constraint.start_time);
  const end = timeOfDay(constraint.end_time);
  if (end < start) return (time) => time % DAY >= start || time % DAY < end;
  return (time) => time % DAY >= start && time % DAY < end;
}

/** Milliseconds into the UTC day of `01:00:00Z` or `09:00:00+08:00`. */
function timeOfDay(text: string): number {
  return (Date.parse(`1970-01-02T${text}`) + DAY) % DAY;
}

function cardOf(prices: ModelPrice): RateCard | undefined {
  if (BILLED.every((key) => prices[key] === undefined)) return undefined;
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === 'object') for (const { start } of price.tiers) starts.add(start);
  }
  const band = (above: number): Band => ({ above, rates: ratesOf(prices, above) });
  const perThousand = (key: string): bigint | undefined => {
    const figure = prices[key];
    return typeof figure === 'number' ? scaledNumber(figure, REQUEST_PRICE_PLACES) : undefined;
  };
  return {
    // Below zero: the first band holds for a request without input tokens too.
    bands: [band(-1), ...[...starts].sort((a, b) => a - b).map(band)],
    request: perThousand('requests_kcount') ?? 0n,
    units: {
      searches: perThousand('rerank_searches_kcount'),
      webSearches: perThousand('web_searches_kcount'),
      seconds: perMinute(prices['input_audio_hours']),
    },
  };
}

/** Pico-dollars per minute, of USD per hour. */
function perMinute(hour: ModelPrice[string]): bigint | undefined {
  return typeof hour === 'number' ? ceilDivide(scaledNumber(hour, PRICE_PLACES), 60n) : undefined;
}

function ratesOf(prices: ModelPrice, above: number): Rates {
  const rates: Partial<Record<TokenClass, bigint | undefined>> = {};
  for (const name of [...INPUT_CLASSES, ...OUTPUT_CLASSES]) {
    const key = KEYS[name].find((key) => prices[key] !== undefined);
    const figure = key === undefined ? undefined : figureOf(prices[key], above);
    rates[name] = figure === undefined ? undefined : scaledNumber(figure, TOKEN_PRICE_PLACES);
  }
  return rates as Rates;
}

/** The figure of a price in the band above so many input tokens: that of the highest tier that starts no later. */
function figureOf(price: ModelPrice[string], above: number): number | undefined {
  if (typeof price !== 'object') return price;
  let figure = price.base;
  for (const tier of price.tiers.toSorted((a, b) => a.start - b.start)) {
    if (above >= tier.start) figure = tier.price;
  }
  return figure;
}
