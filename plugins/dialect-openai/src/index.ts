/** OpenAI's chat completions and model list: the dialects and the surfaces that speak them. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { chatDialect, modelDialect, modelsDialect, surfaces } from './dialects.ts';

export default definePlugin({
  name: '@gatewright/dialect-openai',
  version: '0.1.0',
  engine: '^1',
  options: z.strictObject({}),
  supports: { dialects: [chatDialect.id, modelsDialect.id, modelDialect.id] },
  setup(context) {
    context.dialect(chatDialect);
    context.dialect(modelsDialect);
    context.dialect(modelDialect);
    for (const surface of surfaces) context.surface(surface);
  },
});
