/** A wire format for reranking, and where requests in it come in. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { codec } from './codec.ts';

const options = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\w/-]+$/, 'must be a path such as /v1/rerank')
    .default('/my-dialect/rerank')
    .describe('Where clients send their requests.'),
});

export default definePlugin({
  name: '@my-scope/my-dialect',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: { operations: ['rerank'] },
  setup({ dialect, surface }, { path }) {
    dialect({ id: 'my-dialect-rerank', operation: 'rerank', codec, requestHeaders: [], replyHeaders: ['retry-after'] });
    surface({ id: 'my-dialect-rerank', dialect: 'my-dialect-rerank', method: 'POST', path });
  },
});
