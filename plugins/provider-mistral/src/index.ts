/** Calls Mistral: where its endpoints are, with which credential, and with bodies as it takes them. */
import { definePlugin, type ProviderOptions } from '@gatewright/core';
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
import { chatBody } from './chat-body.ts';
import { embeddingsBody } from './embeddings-body.ts';

// Mistral's models are served by others too, and take the same.
export { chatBody } from './chat-body.ts';

const options = z.strictObject({
  apiKey: credential().describe('The API key; sent as a Bearer token.'),
  baseUrl: address()
    .default('https://api.mistral.ai/v1')
    .describe('Where the API is, with its version; the paths of its endpoints are put behind it.'),
  safePrompt: z
    .boolean()
    .default(false)
    .describe("Puts Mistral's safety prompt in front of every chat that does not say `safe_prompt` itself."),
  headers: moreHeaders(),
});

type Options = z.output<typeof options>;

const PATHS: Readonly<Record<string, string>> = { chat: '/chat/completions', embeddings: '/embeddings' };

function operations({ safePrompt }: Options): ProviderOptions['operations'] {
  return {
    chat: {
      dialect: 'openai-chat',
      streamUsage: false,
      // Its documentation takes the beginning off the answer again (https://docs.mistral.ai/capabilities/completion/).
      prefill: () => 'echoes',
      adjust: (body, _target, context) => chatBody(body, context, safePrompt),
    },
    embeddings: { dialect: 'openai-embeddings', adjust: (body, _target, context) => embeddingsBody(body, context) },
  };
}

export default definePlugin({
  name: '@gatewright/provider-mistral',
  version: '0.1.0',
  engine: '^1',
  id: 'mistral',
  options,
  supports: {
    operations: ['chat', 'embeddings'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['api.mistral.ai'],
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
      async (attempt, exchange) => {
        const headers = sentHeaders(attempt, fixed);
        const path = PATHS[exchange.operation] ?? '/chat/completions';
        return mask.reply(await upstream.send(attempt, { path, headers }));
      },
      { operations: operations(options) },
    );
  },
});
