/** Calls Anthropic: where its messages API is, with which credentials and headers. */
import { definePlugin, secret, type Attempt } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';
import { mergeBetas } from './betas.ts';
import { prefill } from './prefill.ts';

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
    .describe('The API key; sent as `x-api-key`.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'must have no user name, no password, no `?` and no `#`')
    .default('https://api.anthropic.com')
    .describe('Where the API is, without `/v1`.'),
  version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .default('2023-06-01')
    .describe('The `anthropic-version` to send where the client, being of the same dialect, sent none of its own.'),
  betas: z
    .array(z.string().regex(/^[\w.-]+$/))
    .default([])
    .describe('Beta features for every request; joined with those that the client asks for in `anthropic-beta`.'),
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
  fixed['x-api-key'] = options.apiKey;
  return fixed;
}

/** The headers of one request. The client's version and betas are only there when it speaks the same dialect. */
function headersOf(attempt: Attempt, options: Options, fixed: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': 'gatewright/0.1.0',
    'anthropic-version': options.version,
    ...attempt.headers,
    ...fixed,
  };
  const betas = mergeBetas(options.betas, fixed['anthropic-beta'], attempt.headers['anthropic-beta']);
  if (betas !== undefined) headers['anthropic-beta'] = betas;
  // A credential of the client must not go on, whatever the dialect lets through.
  if (fixed['authorization'] === undefined) delete headers['authorization'];
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
    const fixed = fixedHeaders(options);
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
