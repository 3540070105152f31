/** OpenAI's API: the dialects of its operations and the surfaces that speak them. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { dialects } from './dialects.ts';
import { surfaces } from './surfaces.ts';

export default definePlugin({
  name: '@gatewright/dialect-openai',
  version: '0.1.0',
  engine: '^1',
  options: z.strictObject({}),
  supports: {
    dialects: dialects.map(({ id }) => id),
    operations: [...new Set(dialects.map(({ operation }) => operation))],
    streaming: true,
    hooks: [],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup(context) {
    for (const dialect of dialects) context.dialect(dialect);
    for (const surface of surfaces) context.surface(surface);
  },
});
