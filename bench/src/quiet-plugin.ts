/** A plugin that looks at every request and changes nothing: for what it costs to run one in a thread of its own. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';

export default definePlugin({
  name: 'bench-quiet',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.transform.request.tap('chat', (request) => request);
  },
});
