/** Speaks Amazon Bedrock's Converse API, streamed and not. */
import { definePlugin, type Surface } from '@gatewright/core';
import { z } from 'zod';
import { converseCodec } from './converse-codec.ts';
import { expression } from './expression.ts';
import { CONVERSE } from './names.ts';

/** Where clients may put a key besides `Authorization: Bearer`: one that signs its requests has no room for it there. */
const CREDENTIAL_HEADERS: readonly string[] = ['x-api-key'];

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
const surfaces: readonly Surface[] = [
  {
    id: CONVERSE,
    dialect: CONVERSE,
    method: 'POST',
    path: '/model/:modelId/converse',
    credentialHeaders: CREDENTIAL_HEADERS,
    head: ({ modelId = '' }) => ({ model: modelId, stream: false }),
  },
  {
    id: `${CONVERSE}-stream`,
    dialect: CONVERSE,
    method: 'POST',
    path: '/model/:modelId/converse-stream',
    credentialHeaders: CREDENTIAL_HEADERS,
    head: ({ modelId = '' }) => ({ model: modelId, stream: true }),
  },
];

export default definePlugin({
  name: '@gatewright/dialect-bedrock',
  version: '0.1.0',
  engine: '^1',
  options: z.strictObject({}),
  supports: {
    operations: ['chat'],
    streaming: true,
    hooks: [],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup(context) {
    context.dialect({
      id: CONVERSE,
      operation: 'chat',
      codec: converseCodec,
      requestHeaders: [],
      replyHeaders: ['x-amzn-requestid', 'x-amzn-bedrock-', 'retry-after'],
      expresses: expression,
    });
    for (const surface of surfaces) context.surface(surface);
  },
});
