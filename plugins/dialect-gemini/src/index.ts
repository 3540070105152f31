/** Speaks Gemini's API: generateContent, streamed as events or as an array, token counts, embeddings and model lists. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { generateArrayCodec, generateCodec } from './codec.ts';
import { countTokensCodec } from './count-tokens.ts';
import { expression as expresses } from './expression.ts';
import { batchEmbedCodec, embedCodec } from './embed.ts';
import { modelCodec, modelsCodec } from './models.ts';
import { BATCH_EMBED, COUNT_TOKENS, EMBED, GENERATE, GENERATE_ARRAY, MODEL, MODELS, PREDICT } from './names.ts';
import { predictCodec } from './predict.ts';
import { surfaces } from './surfaces.ts';

/** No credential goes on, and rate limits stay behind: they count for the gateway's key. */
const headers = {
  requestHeaders: ['x-goog-api-client', 'x-goog-user-project', 'x-server-timeout'],
  replyHeaders: ['server-timing', 'x-gemini-service-tier', 'retry-after'],
};

export default definePlugin({
  name: '@gatewright/dialect-gemini',
  version: '0.1.0',
  engine: '^1',
  options: z.strictObject({}),
  supports: {
    operations: ['chat', 'count-tokens', 'embeddings', 'models'],
    streaming: true,
    hooks: [],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup(context) {
    context.dialect({ id: GENERATE, operation: 'chat', codec: generateCodec, ...headers, expresses });
    context.dialect({ id: GENERATE_ARRAY, operation: 'chat', codec: generateArrayCodec, ...headers, expresses });
    context.dialect({ id: COUNT_TOKENS, operation: 'count-tokens', codec: countTokensCodec, ...headers });
    context.dialect({ id: EMBED, operation: 'embeddings', codec: embedCodec, ...headers });
    context.dialect({ id: BATCH_EMBED, operation: 'embeddings', codec: batchEmbedCodec, ...headers });
    context.dialect({ id: PREDICT, operation: 'embeddings', codec: predictCodec, ...headers });
    const none = { requestHeaders: [], replyHeaders: [] };
    context.dialect({ id: MODELS, operation: 'models', codec: modelsCodec, ...none });
    context.dialect({ id: MODEL, operation: 'models', codec: modelCodec, ...none });
    for (const surface of surfaces) context.surface(surface);
  },
});
