/** Calls Cohere: where its chat, embed and rerank are, with which key and headers. */
import { definePlugin, secret, type Attempt, type Exchange } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';
import { pathOf } from './path.ts';

/** Header names and values as RFC 9110, section 5, has them. */
const headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/));

/** An address alone: what else a URL can hold would be dropped (a query) or shown (a password). */
function isPlain(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#]/.test(text);
}

const options = z.strictObject({
  apiKey: secret()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters, without spaces or line ends')
    .describe('The API key; sent as `Authorization: Bearer`.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'must have no user name, no password, no `?` and no `#`')
    .default('https://api.cohere.com')
    .describe('Where the API is, without its version. A private deployment has an address of its own.'),
  clientName: z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .optional()
    .describe('The name to send as `X-Client-Name` where the client, being of the same dialect, sent none of its own.'),
  headers: headers
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.'),
});

type Options = z.output<typeof options>;

/** The headers that the configuration fixes; names in lower case. */
function fixedHeaders(options: Options): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers)) fixed[name.toLowerCase()] = value;
  // Nothing may take the place of the key: neither a credential of the client nor another header.
  fixed['authorization'] = `Bearer ${options.apiKey}`;
  return fixed;
}

function headersOf(attempt: Attempt, { clientName }: Options, fixed: Record<string, string>): Record<string, string> {
  return {
    'user-agent': 'gatewright/0.1.0',
    ...(clientName === undefined ? {} : { 'x-client-name': clientName }),
    ...attempt.headers,
    ...fixed,
  };
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
    const fixed = fixedHeaders(options);
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
