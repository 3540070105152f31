/** What a usage block costs: by the price catalogue's own reading of it, and by the codec's and the gateway's prices. */
import { calcPrice, extractUsage, findProvider, type Provider } from '@pydantic/genai-prices';
import { createGateway, definePlugin, silentLogger, type Prices, type Target, type Usage } from '@gatewright/core';
import pricesPlugin from '@gatewright/prices';
import { z } from 'zod';

/** What the catalogue calls the form of a dialect's usage, and where the block stands in a whole answer. */
const FORMS: Readonly<Record<string, { readonly flavors: readonly string[]; readonly member: readonly string[] }>> = {
  'openai-chat': { flavors: ['chat', 'default'], member: ['usage'] },
  'openai-completions': { flavors: ['chat'], member: ['usage'] },
  'openai-responses': { flavors: ['responses'], member: ['usage'] },
  'openai-embeddings': { flavors: ['embeddings'], member: ['usage'] },
  'anthropic-messages': { flavors: ['default'], member: ['usage'] },
  'bedrock-converse': { flavors: ['default'], member: ['usage'] },
  'gemini-generate': { flavors: ['default'], member: ['usageMetadata'] },
  'cohere-chat': { flavors: ['default'], member: ['usage'] },
  'cohere-embed': { flavors: ['embeddings'], member: ['meta'] },
};

/** A model of each provider with a price for as much as there is, for answers of models that the catalogue does not know. */
const MODELS: Readonly<Record<string, string>> = {
  openai: 'gpt-4o',
  azure: 'gpt-4o',
  anthropic: 'claude-sonnet-4-5',
  aws: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  google: 'gemini-2.5-flash',
  cohere: 'command-r-plus',
  groq: 'llama-3.3-70b-versatile',
  mistral: 'mistral-large-latest',
  deepseek: 'deepseek-chat',
  'x-ai': 'grok-3',
  moonshotai: 'kimi-k2-0711-preview',
  perplexity: 'sonar-pro',
};

/** One day, so that prices which change with the hour do not change here. */
const TIME = Date.UTC(2026, 10, 1, 12);

/** A usage block, priced twice, in nano-dollars. */
export interface Priced {
  readonly catalogue: number;
  readonly ours: number;
}

/** The gateway's prices, as other plugins use them. */
export async function openPrices(): Promise<Prices> {
  let prices: Prices | undefined;
  const reader = definePlugin({
    name: 'test-reader',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    uses: ['prices'],
    setup: ({ use }) => void (prices = use('prices')),
  });
  const plugins = [{ use: pricesPlugin, with: { unpriced: 'ignore' } }, { use: reader }];
  const gateway = await createGateway({ plugins }, { logger: silentLogger });
  await gateway.close();
  if (prices === undefined) throw new Error('No plugin provides prices.');
  return prices;
}

const TIMEOUTS = { connect: 1, headers: 1, idle: 1, total: 1 };

function targetOf(provider: string, model: string): Target {
  const common = { weight: 1, retries: 0, timeouts: TIMEOUTS, unsupported: 'refuse', reports: 'upstream' } as const;
  const breaking = { rescue: 'error', onClientGone: 'cancel', keepAlive: 0 } as const;
  return { id: `${provider}/${model}`, provider, model, of: model, ...common, ...breaking };
}

/** Undefined where the catalogue has no reading of this form of usage. Throws what it throws at a block that it cannot read. */
export function priceTwice(
  prices: Prices,
  dialect: string,
  provider: string,
  model: string | undefined,
  usage: Usage,
): Priced | undefined {
  const form = FORMS[dialect];
  const block = usage.raw?.value;
  if (form === undefined || block === undefined) return undefined;
  const reader = readerOf(provider, form.flavors);
  if (reader === undefined) return undefined;
  const names = [model, MODELS[provider]].filter((name) => name !== undefined);
  const target = names.map((name) => targetOf(provider, name)).find((one) => prices.priced(one, TIME));
  if (target === undefined) throw new Error(`The catalogue has no model of ${provider}.`);
  const body = form.member.reduceRight<unknown>((inner, key) => ({ [key]: inner }), block);
  const extracted = extractUsage(reader.provider, Object.assign({ model: target.model }, body), reader.flavor);
  const price = calcPrice(extracted.usage, target.model, { providerId: provider, timestamp: new Date(TIME) });
  const ours = prices.cost(target, usage, TIME);
  if (price === null || ours === undefined) throw new Error(`Nobody can price this usage of ${target.id}.`);
  return { catalogue: price.total_price * 1e9, ours: Number(ours.nanos) };
}

/** Some providers have no reading of a form of their own, and OpenAI's fits: it is their dialect. */
function readerOf(id: string, flavors: readonly string[]): { provider: Provider; flavor: string } | undefined {
  for (const providerId of [id, 'openai']) {
    const provider = findProvider({ providerId });
    const flavor = flavors.find((one) => provider?.extractors?.some((known) => known.api_flavor === one));
    if (provider !== undefined && flavor !== undefined) return { provider, flavor };
  }
  return undefined;
}
