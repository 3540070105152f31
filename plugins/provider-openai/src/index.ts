/** Calls OpenAI: where its endpoints are, with which credentials. */
import { definePlugin } from '@gatewright/core';
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
import { ENDPOINTS, operations } from './endpoints.ts';

const options = z.strictObject({
  apiKey: credential().describe('The API key; sent as a Bearer token.'),
  baseUrl: address()
    .default('https://api.openai.com/v1')
    .describe('Where the API is; the paths of its endpoints are put behind it.'),
  organization: z.string().min(1).optional().describe('The organisation that is billed: `openai-organization`.'),
  project: z.string().min(1).optional().describe('The project that is billed: `openai-project`.'),
  headers: moreHeaders(),
});

export default definePlugin({
  name: '@gatewright/provider-openai',
  version: '0.1.0',
  engine: '^1',
  id: 'openai',
  options,
  supports: {
    operations: Object.keys(operations),
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: ['api.openai.com'],
  },
  setup(context, options) {
    const upstream = context.share(
      `upstream ${options.baseUrl}`,
      () => new Upstream({ baseUrl: options.baseUrl }),
      (pool) => pool.close(),
    );
    const fixed = fixedHeaders(options.headers, {
      'openai-organization': options.organization,
      'openai-project': options.project,
      authorization: `Bearer ${options.apiKey}`,
    });
    const mask = new CredentialMask([options.apiKey], Object.values(options.headers));
    context.hooks.call.tap(
      (attempt) => {
        const headers = sentHeaders(attempt, fixed);
        const path = ENDPOINTS[attempt.dialect] ?? '/chat/completions';
        return upstream.send(attempt, { path, headers, mask });
      },
      { operations },
    );
  },
});
