/** Calls an Ollama server: where its endpoints are, and with which settings for the runner. */
import { definePlugin, GatewayError, isGatewayError, type ProviderOptions } from '@gatewright/core';
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
import { withDefaults } from './chat-defaults.ts';

const options = z.strictObject({
  baseUrl: address()
    .refine((text) => !/\/(?:api|v1)\/?$/.test(text), 'must end before `/api` and `/v1`: they are put behind it')
    .default('http://127.0.0.1:11434')
    .describe('Where the server is.'),
  apiKey: credential()
    .optional()
    .describe("A key, sent as a Bearer token: for Ollama's cloud, or a proxy. A server of your own needs none."),
  numCtx: z
    .int()
    .min(1)
    .optional()
    .describe('How many tokens of context the model is loaded with, where a chat does not say `num_ctx` itself.'),
  keepAlive: z
    .union([z.string().regex(/^-?\d+(?:ms|s|m|h)?$/), z.int()])
    .optional()
    .describe('How long the model stays loaded, where a chat does not say: `10m`, or `-1` for ever.'),
  options: z
    .record(z.string().min(1), z.json())
    .default({})
    .describe('More of the `options` of a chat, where it does not say them itself: `num_gpu`, `repeat_penalty`.'),
  headers: moreHeaders(),
});

type Options = z.output<typeof options>;

const PATHS: Readonly<Record<string, string>> = { chat: '/api/chat', embeddings: '/v1/embeddings' };

function operations(options: Options): ProviderOptions['operations'] {
  const adjust = withDefaults(options);
  return {
    // Its templates leave a last message of the assistant's open (https://github.com/ollama/ollama/pull/5200 names it).
    chat: { dialect: 'ollama-chat', prefill: () => 'continues', ...(adjust === undefined ? {} : { adjust }) },
    embeddings: { dialect: 'openai-embeddings' },
  };
}

/** Most who cannot reach Ollama have not started it. */
function withHelp(error: unknown, baseUrl: string): unknown {
  if (!isGatewayError(error) || error.code !== 'GW_UPSTREAM_UNREACHABLE') return error;
  const help = `Is Ollama running at ${baseUrl}? Start it with "ollama serve", or set baseUrl.`;
  return new GatewayError(error.code, error.message, { ...error.details, help });
}

export default definePlugin({
  name: '@gatewright/provider-ollama',
  version: '0.1.0',
  engine: '^1',
  id: 'ollama',
  options,
  supports: {
    operations: ['chat', 'embeddings'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['127.0.0.1'],
  },
  setup(context, options) {
    const { baseUrl } = options;
    const upstream = context.share(
      `upstream ${baseUrl}`,
      () => new Upstream({ baseUrl }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options.headers, { authorization: options.apiKey && `Bearer ${options.apiKey}` });
    const mask = new CredentialMask([options.apiKey ?? ''], Object.values(options.headers));
    context.hooks.call.tap(
      async (attempt, exchange) => {
        const headers = sentHeaders(attempt, fixed);
        try {
          const path = PATHS[exchange.operation] ?? '/api/chat';
          return mask.reply(await upstream.send(attempt, { path, headers }));
        } catch (error) {
          throw withHelp(error, baseUrl);
        }
      },
      { operations: operations(options) },
    );
  },
});
