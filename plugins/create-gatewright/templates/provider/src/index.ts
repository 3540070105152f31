/** Calls an API of models: where it is, with which credential. */
import { definePlugin } from '@gatewright/core';
import {
  address,
  credential,
  CredentialMask,
  fixedHeaders,
  moreHeaders,
  sentHeaders,
  Upstream,
} from '@gatewright/core/wire';
import { z } from 'zod';

const options = z.strictObject({
  apiKey: credential().describe('The API key; sent as a Bearer token.'),
  baseUrl: address().default('https://api.example.com/v1').describe('Where the API is, with its version.'),
  headers: moreHeaders(),
});

export default definePlugin({
  name: '@my-scope/my-provider',
  version: '0.1.0',
  engine: '^1',
  options,
  // What it says of itself is held against what it does: by the gateway, and by its tests.
  supports: { operations: ['chat'], streaming: true, hooks: ['call'], network: ['api.example.com'], secrets: true },
  setup({ hooks, share }, { apiKey, baseUrl, headers }) {
    // The pool of connections outlives a reload of the configuration.
    const upstream = share(
      `upstream ${baseUrl}`,
      () => new Upstream({ baseUrl }),
      (pool) => pool.close(),
    );
    // Takes the key out of replies, should the API ever repeat it.
    const mask = new CredentialMask([apiKey], Object.values(headers));
    const fixed = fixedHeaders(headers, { authorization: `Bearer ${apiKey}` });
    hooks.call.tap(
      (attempt) => upstream.send(attempt, { path: '/chat/completions', headers: sentHeaders(attempt, fixed), mask }),
      // The core writes and reads the bodies: the provider only says which dialect its API speaks.
      { operations: { chat: { dialect: 'openai-chat' } } },
    );
  },
});
