/** Gives every chat an instruction, and every reply a header. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';

const options = z.strictObject({
  instruction: z.string().min(1).describe('What every chat is told before anything else.'),
});

export default definePlugin({
  name: '@my-scope/my-middleware',
  version: '0.1.0',
  engine: '^1',
  options,
  setup({ hooks, http }, { instruction }) {
    // What has to do with models is a hook: it sees the request in the neutral form, whatever the client speaks.
    hooks.transform.request.tap('chat', (request) => ({
      ...request,
      messages: [{ role: 'system', parts: [{ type: 'text', text: instruction }] }, ...request.messages],
    }));
    // What has to do with HTTP is Koa's. Headers must be set before `next`: replies are written directly.
    http.use(async (context, next) => {
      context.set('x-my-middleware', '0.1.0');
      await next();
    });
  },
});
