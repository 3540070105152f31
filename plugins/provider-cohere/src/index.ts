/** Calls Cohere: where its chat, embed and rerank are, with which key and headers. */
import { definePlugin, type Attempt, type Exchange } from '@gatewright/core';
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
import { pathOf } from './path.ts';

const options = z.strictObject({
  apiKey: credential().describe('The API key; sent as `Authorization: Bearer`.'),
  baseUrl: address()
    .default('https://api.cohere.com')
    .describe('Where the API is, without its version. A private deployment has an address of its own.'),
  clientName: z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .optional()
    .describe('The name to send as `X-Client-Name` where the client, being of the same dialect, sent none of its own.'),
  headers: moreHeaders(),
});

type Options = z.output<typeof options>;

function headersOf(attempt: Attempt, { clientName }: Options, fixed: Record<string, string>): Record<string, string> {
  const headers = sentHeaders(attempt, fixed);
  if (clientName !== undefined) headers['x-client-name'] ??= clientName;
  return headers;
}

export default definePlugin({
  name: '@gatewright/provider-cohere',
  version: '0.1.0',
  engine: '^1',
  id: 'cohere',
  options,
  supports: {
    operations: ['chat', 'embeddings', 'rerank'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['api.cohere.com'],
  },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.baseUrl}`,
      () => new Upstream({ baseUrl: options.baseUrl }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options.headers, { authorization: `Bearer ${options.apiKey}` });
    const mask = new CredentialMask([options.apiKey], Object.values(options.headers));
    context.hooks.call.tap(
      async (attempt: Attempt, exchange: Exchange) => {
        const request = { path: pathOf(exchange), headers: headersOf(attempt, options, fixed) };
        return mask.reply(await upstream.send(attempt, request));
      },
      {
        operations: {
          chat: { dialect: 'cohere-chat' },
          embeddings: { dialect: 'cohere-embed' },
          rerank: { dialect: 'cohere-rerank' },
        },
      },
    );
  },
});
