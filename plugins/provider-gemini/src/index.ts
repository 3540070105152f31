/** Calls the Gemini API: where a model's methods are, with which credentials and headers. */
import { definePlugin, secret, type Attempt } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';
import { modelPath } from './model-path.ts';

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
    .describe('The API key; sent as `x-goog-api-key`.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'must have no user name, no password, no `?` and no `#`')
    .default('https://generativelanguage.googleapis.com')
    .describe('Where the API is, without its version.'),
  apiVersion: z
    .string()
    .regex(/^v\d+(?:(?:alpha|beta)\d*)?$/)
    .default('v1beta')
    .describe('The version of the API, as it stands in the path.'),
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
  fixed['x-goog-api-key'] = options.apiKey;
  return fixed;
}

function headersOf(attempt: Attempt, fixed: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'gatewright/0.1.0', ...attempt.headers, ...fixed };
  // A credential of the client must not go on, whatever the dialect lets through.
  if (fixed['authorization'] === undefined) delete headers['authorization'];
  return headers;
}

/** Methods by the dialects that speak them, but for chat, which has two. */
const METHODS: Readonly<Record<string, string>> = {
  'gemini-count-tokens': 'countTokens',
  'gemini-embed': 'embedContent',
  'gemini-batch-embed': 'batchEmbedContents',
};

/** The method and the query of a call. Streams are asked for as events. */
function methodOf(attempt: Attempt): string {
  const method = METHODS[attempt.dialect];
  if (method !== undefined) return method;
  return attempt.stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
}

export default definePlugin({
  name: '@gatewright/provider-gemini',
  version: '0.1.0',
  engine: '^1',
  id: 'gemini',
  options,
  supports: {
    operations: ['chat', 'count-tokens', 'embeddings'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['generativelanguage.googleapis.com'],
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
      async (attempt) => {
        const path = modelPath(options.apiVersion, attempt.target.model, methodOf(attempt));
        return mask.reply(await upstream.send(attempt, { path, headers: headersOf(attempt, fixed) }));
      },
      {
        operations: {
          chat: { dialect: 'gemini-generate' },
          'count-tokens': { dialect: 'gemini-count-tokens' },
          embeddings: [{ dialect: 'gemini-batch-embed' }, { dialect: 'gemini-embed' }],
        },
      },
    );
  },
});
