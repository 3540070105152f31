/** Keeps e-mail addresses from providers, and stamps every reply with a header. */
import { definePlugin, type Part } from '@gatewright/core';
import { z } from 'zod';

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

export default definePlugin({
  name: 'mask-emails',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({ mask: z.string().default('[hidden]').describe('Stands where an address was.') }),
  setup({ hooks, http }, { mask }) {
    const masked = (part: Part): Part => {
      if (part.type === 'text') return { ...part, text: part.text.replaceAll(EMAIL, mask) };
      if (part.type === 'tool-result') return { ...part, parts: part.parts.map(masked) };
      return part;
    };
    hooks.transform.request.tap('chat', (request) => ({
      ...request,
      messages: request.messages.map((message) => ({ ...message, parts: message.parts.map(masked) })),
    }));
    http.use(async (context, next) => {
      context.set('x-masked', 'e-mail');
      await next();
    });
  },
});
