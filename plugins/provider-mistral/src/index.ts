/** Calls Mistral: where its endpoints are, with which credential, and with bodies as it takes them. */
import { definePlugin, secret, type ProviderOptions } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';
import { chatBody } from './chat-body.ts';
import { embeddingsBody } from './embeddings-body.ts';

// Mistral's models are served by others too, and take the same.
export { chatBody } from './chat-body.ts';

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
    .describe('The API key; sent as a Bearer token.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'must have no user name, no password, no `?` and no `#`')
    .default('https://api.mistral.ai/v1')
    .describe('Where the API is, with its version; the paths of its endpoints are put behind it.'),
  safePrompt: z
    .boolean()
    .default(false)
    .describe("Puts Mistral's safety prompt in front of every chat that does not say `safe_prompt` itself."),
  headers: headers
    .default({})
    .meta({ secret: true })
    .describe('More headers for every request; they win over headers of the client.'),
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

/** The headers that the configuration fixes; names in lower case. */
function fixedHeaders({ headers, apiKey }: Options): Record<string, string> {
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) fixed[name.toLowerCase()] = value;
  fixed['authorization'] = `Bearer ${apiKey}`;
  return fixed;
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
    const fixed = fixedHeaders(options);
    const mask = new CredentialMask([options.apiKey], Object.values(options.headers));
    context.hooks.call.tap(
      async (attempt, exchange) => {
        const headers = { 'user-agent': 'gatewright/0.1.0', ...attempt.headers, ...fixed };
        const path = PATHS[exchange.operation] ?? '/chat/completions';
        return mask.reply(await upstream.send(attempt, { path, headers }));
      },
      { operations: operations(options) },
    );
  },
});
