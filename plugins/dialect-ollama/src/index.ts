/** Speaks Ollama's own chat API. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { codec } from './codec.ts';
import { expression } from './expression.ts';
import { CHAT } from './names.ts';

export default definePlugin({
  name: '@gatewright/dialect-ollama',
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
    const headers = { requestHeaders: [], replyHeaders: ['retry-after'] };
    context.dialect({ id: CHAT, operation: 'chat', codec, ...headers, expresses: expression });
    context.surface({ id: CHAT, dialect: CHAT, method: 'POST', path: '/api/chat' });
  },
});
