/** Calls Anthropic: where its messages API is, with which credentials and headers. */
import { definePlugin, type Attempt } from '@gatewright/core';
import {
  CredentialMask,
  Upstream,
  address,
  credential,
  fixedHeaders,
  moreHeaders,
  sentHeaders,
} from '@gatewright/core/wire';
import { z } from 'zod';
import { mergeBetas } from './betas.ts';
import { prefill } from './prefill.ts';

const options = z.strictObject({
  apiKey: credential().describe('The API key; sent as `x-api-key`.'),
  baseUrl: address().default('https://api.anthropic.com').describe('Where the API is, without `/v1`.'),
  version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .default('2023-06-01')
    .describe('The `anthropic-version` to send where the client, being of the same dialect, sent none of its own.'),
  betas: z
    .array(z.string().regex(/^[\w.-]+$/))
    .default([])
    .describe('Beta features for every request; joined with those that the client asks for in `anthropic-beta`.'),
  headers: moreHeaders(),
});

type Options = z.output<typeof options>;

/** The headers of one request. The client's version and betas are only there when it speaks the same dialect. */
function headersOf(attempt: Attempt, options: Options, fixed: Record<string, string>): Record<string, string> {
  const headers = sentHeaders(attempt, fixed);
  headers['anthropic-version'] ??= options.version;
  const betas = mergeBetas(options.betas, fixed['anthropic-beta'], attempt.headers['anthropic-beta']);
  if (betas !== undefined) headers['anthropic-beta'] = betas;
  return headers;
}

export default definePlugin({
  name: '@gatewright/provider-anthropic',
  version: '0.1.0',
  engine: '^1',
  id: 'anthropic',
  options,
  supports: {
    operations: ['chat', 'count-tokens'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['api.anthropic.com'],
  },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.baseUrl}`,
      () => new Upstream({ baseUrl: options.baseUrl }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options.headers, { 'x-api-key': options.apiKey });
    const mask = new CredentialMask([options.apiKey], Object.values(options.headers));
    context.hooks.call.tap(
      (attempt, exchange) => {
        const path = exchange.operation === 'count-tokens' ? '/v1/messages/count_tokens' : '/v1/messages';
        return upstream.send(attempt, { path, headers: headersOf(attempt, options, fixed), mask });
      },
      {
        operations: {
          chat: { dialect: 'anthropic-messages', prefill },
          'count-tokens': { dialect: 'anthropic-count-tokens' },
        },
      },
    );
  },
});
