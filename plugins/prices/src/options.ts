/** The options: prices of one's own, and what happens without a price. */
import { z } from 'zod';
import { isCatalogued } from './catalogue.ts';
import { PRICE_PLACES, REQUEST_PRICE_PLACES, scaled, TOKEN_PRICE_PLACES } from './decimal.ts';

function price(unit: string, places: number): z.ZodString {
  const form = `A price is a decimal string in USD per ${unit}, with at most ${places} decimal places, such as "2.5"`;
  return z
    .string({ error: `${form}: put it in quotes.` })
    .refine((text) => scaled(text, places) !== undefined, { error: `${form}.` });
}

const perMillion = (): z.ZodString => price('million tokens', TOKEN_PRICE_PLACES);

const override = z.strictObject({
  provider: z
    .string()
    .min(1)
    .optional()
    .describe('The instance id of the provider, or a pattern in which `*` stands for anything. Left out: any.'),
  model: z.string().min(1).describe("The provider's own name of the model, or a pattern."),
  input: perMillion().describe('Input tokens, in USD per million, as a decimal string: `"2.5"`.'),
  output: perMillion().describe('Output tokens.'),
  cacheRead: perMillion().optional().describe('Input tokens read from a cache. Default: `input`.'),
  cacheWrite5m: perMillion().optional().describe('Input tokens written to a cache for 5 minutes. Default: `input`.'),
  cacheWrite1h: perMillion()
    .optional()
    .describe('Input tokens written to a cache for 1 hour. Default: `cacheWrite5m`.'),
  audioInput: perMillion().optional().describe('Audio input tokens. Default: `input`.'),
  imageInput: perMillion().optional().describe('Image input tokens. Default: `input`.'),
  reasoning: perMillion().optional().describe('Reasoning tokens. Default: `output`.'),
  audioOutput: perMillion().optional().describe('Audio output tokens. Default: `output`.'),
  imageOutput: perMillion().optional().describe('Image output tokens. Default: `output`.'),
  search: price('thousand searches', REQUEST_PRICE_PLACES)
    .optional()
    .describe('Searches of a rerank, in USD per thousand.'),
  webSearch: price('thousand searches', REQUEST_PRICE_PLACES)
    .optional()
    .describe('Searches of the web that the provider makes for an answer, in USD per thousand.'),
  image: price('image', PRICE_PLACES).optional().describe('Images that are billed by number, in USD each.'),
  audioMinute: price('minute', PRICE_PLACES).optional().describe('Sound that is billed by time, in USD per minute.'),
  character: price('million characters', TOKEN_PRICE_PLACES)
    .optional()
    .describe('Text that is billed by characters, in USD per million.'),
  request: price('thousand requests', REQUEST_PRICE_PLACES)
    .optional()
    .describe('The request itself, in USD per thousand requests. Default: nothing.'),
});

/** A price as the configuration gives it. */
export type Override = z.output<typeof override>;

const catalogueProvider = z.string().refine(isCatalogued, {
  error: 'The catalogue has no provider of this id. It has openai, anthropic, google, azure, aws, mistral and others.',
});

export const options = z.strictObject({
  overrides: z
    .array(override)
    .default([])
    .describe('Prices of your own. The first that matches a target is its price.'),
  free: z
    .array(z.string().min(1))
    .default([])
    .describe('Targets that cost nothing: `provider/model`, or patterns such as `simulated/*`.'),
  unpriced: z
    .enum(['warn', 'refuse', 'ignore'])
    .default('warn')
    .describe('Without a price: `warn` once per target and let it pass, `refuse` the target, or `ignore` it.'),
  providers: z
    .record(z.string(), catalogueProvider)
    .default({})
    .describe("Which provider of the catalogue a provider instance is, where its id is not the catalogue's own."),
});

export type PricesOptions = z.output<typeof options>;
