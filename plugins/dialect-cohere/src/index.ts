/** Speaks Cohere's API: chat, streamed and not, embed and rerank. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { chatDialect, embedDialect, rerankDialect, surfaces } from './dialects.ts';
import { INPUT_TYPES } from './embed-request.ts';
import { voyageRerankDialect } from './voyage-rerank.ts';

const options = z.strictObject({
  // What is embedded once and kept is mostly what is searched in, and most of what is embedded.
  defaultInputType: z
    .enum(INPUT_TYPES)
    .default('search_document')
    .describe(
      'The `input_type` for embeddings of other dialects that do not say what they are for; this one demands it.',
    ),
});

export default definePlugin({
  name: '@gatewright/dialect-cohere',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: {
    operations: ['chat', 'embeddings', 'rerank'],
    streaming: true,
    hooks: [],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup(context, { defaultInputType }) {
    context.dialect(chatDialect);
    context.dialect(embedDialect(defaultInputType));
    context.dialect(rerankDialect);
    context.dialect(voyageRerankDialect);
    for (const surface of surfaces) context.surface(surface);
  },
});
