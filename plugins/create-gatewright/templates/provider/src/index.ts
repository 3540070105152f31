/** Calls an API of models: where it is, with which credential. */
import { definePlugin, secret } from '@gatewright/core';
import { CredentialMask, Upstream } from '@gatewright/core/wire';
import { z } from 'zod';

const options = z.strictObject({
  apiKey: secret()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters')
    .describe('The API key; sent as a Bearer token.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.example.com/v1')
    .describe('Where the API is, with its version.'),
});

export default definePlugin({
  name: '@my-scope/my-provider',
  version: '0.1.0',
  engine: '^1',
  options,
  // What it says of itself is held against what it does: by the gateway, and by its tests.
  supports: { operations: ['chat'], streaming: true, hooks: ['call'], network: ['api.example.com'], secrets: true },
  setup({ hooks, share }, { apiKey, baseUrl }) {
    // The pool of connections outlives a reload of the configuration.
    const upstream = share(
      `upstream ${baseUrl}`,
      () => new Upstream({ baseUrl }),
      (pool) => pool.close(),
    );
    // Takes the key out of replies, should the API ever repeat it.
    const mask = new CredentialMask([apiKey]);
    hooks.call.tap(
      (attempt) => {
        const headers = { 'user-agent': 'my-provider/0.1.0', ...attempt.headers, authorization: `Bearer ${apiKey}` };
        return upstream.send(attempt, { path: '/chat/completions', headers, mask });
      },
      // The core writes and reads the bodies: the provider only says which dialect its API speaks.
      { operations: { chat: { dialect: 'openai-chat' } } },
    );
  },
});
