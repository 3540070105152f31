/** Speaks Anthropic's API: messages, streamed and not, token counts and the model list. */
import { definePlugin, type Surface } from '@gatewright/core';
import { z } from 'zod';
import { countTokensDialect } from './count-tokens.ts';
import { expression } from './expression.ts';
import { CREDENTIAL_HEADERS, REPLY_HEADERS, REQUEST_HEADERS } from './headers.ts';
import { messagesCodec } from './messages-codec.ts';
import { modelDialect, modelsDialect } from './models.ts';
import { COUNT_TOKENS, MESSAGES, MODEL, MODELS } from './names.ts';

const options = z.strictObject({
  // Every model that Anthropic serves may write this much, and clients that set no limit expect none to be felt.
  defaultMaxTokens: z
    .int()
    .min(1)
    .default(32_000)
    .describe('The `max_tokens` for requests of other dialects that set no limit; this one demands it.'),
});

/** Other dialects have their model list at the same path: it is this one's where the header says so. */
const sentByAnthropicClient: Surface['when'] = (headers) => headers['anthropic-version'] !== undefined;

const surfaces: readonly Surface[] = [
  { id: MESSAGES, dialect: MESSAGES, method: 'POST', path: '/v1/messages' },
  { id: COUNT_TOKENS, dialect: COUNT_TOKENS, method: 'POST', path: '/v1/messages/count_tokens' },
  {
    id: MODELS,
    dialect: MODELS,
    method: 'GET',
    path: '/v1/models',
    when: sentByAnthropicClient,
    request: () => ({}),
  },
  {
    id: MODEL,
    dialect: MODEL,
    method: 'GET',
    path: '/v1/models/:model',
    when: sentByAnthropicClient,
    request: ({ model }) => ({ id: model }),
  },
];

export default definePlugin({
  name: '@gatewright/dialect-anthropic',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: {
    operations: ['chat', 'count-tokens', 'models'],
    streaming: true,
    hooks: [],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup(context, { defaultMaxTokens }) {
    context.dialect({
      id: MESSAGES,
      operation: 'chat',
      codec: messagesCodec(defaultMaxTokens),
      requestHeaders: REQUEST_HEADERS,
      replyHeaders: REPLY_HEADERS,
      expresses: expression,
    });
    context.dialect(countTokensDialect);
    context.dialect(modelsDialect);
    context.dialect(modelDialect);
    for (const surface of surfaces) context.surface({ ...surface, credentialHeaders: CREDENTIAL_HEADERS });
  },
});
