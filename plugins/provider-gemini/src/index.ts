/** Calls the Gemini API: where a model's methods are, with which credentials and headers. */
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
import { modelPath } from './model-path.ts';

const options = z.strictObject({
  apiKey: credential().describe('The API key; sent as `x-goog-api-key`.'),
  baseUrl: address()
    .default('https://generativelanguage.googleapis.com')
    .describe('Where the API is, without its version.'),
  apiVersion: z
    .string()
    .regex(/^v\d+(?:(?:alpha|beta)\d*)?$/)
    .default('v1beta')
    .describe('The version of the API, as it stands in the path.'),
  headers: moreHeaders(),
});

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
    const fixed = fixedHeaders(options.headers, { 'x-goog-api-key': options.apiKey });
    const mask = new CredentialMask([options.apiKey], Object.values(options.headers));
    context.hooks.call.tap(
      async (attempt) => {
        const path = modelPath(options.apiVersion, attempt.target.model, methodOf(attempt));
        return mask.reply(await upstream.send(attempt, { path, headers: sentHeaders(attempt, fixed) }));
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
