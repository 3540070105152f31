/** Answers a chat that was asked before from memory. */
import { createHash } from 'node:crypto';
import { definePlugin, type ChatRequest, type Exchange } from '@gatewright/core';
import { z } from 'zod';
import { Shelf } from './shelf.ts';

const options = z.strictObject({
  entries: z.int().min(1).default(1000).describe('How many answers are kept; the oldest goes first.'),
  seconds: z.number().positive().default(300).describe('How long an answer is kept.'),
});

export default definePlugin({
  name: '@my-scope/my-cache',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: { hooks: ['call.answer', 'transform.response'], reads: 'neutral', mutates: false, network: [] },
  setup({ hooks, slot, clock }, { entries, seconds }) {
    const shelf = new Shelf(entries, seconds * 1000, clock);
    // The plugin's own place on each exchange: from the question to the answer.
    const asked = slot<string>();
    hooks.call.answer.tap('chat', (request, exchange) => {
      const key = keyOf(request, exchange);
      const response = shelf.get(key);
      if (response !== undefined) return { response };
      asked.set(exchange, key);
      return undefined;
    });
    hooks.transform.response.tap('chat', (response, exchange) => {
      const key = asked.get(exchange);
      if (key !== undefined) shelf.put(key, response);
      return response;
    });
  },
});

/** What makes two questions the same: all of the request but how it is to be delivered, and who asks. */
function keyOf(request: ChatRequest, { identity }: Exchange): string {
  const { stream: _, streamUsage: __, ...question } = request;
  return createHash('sha256')
    .update(JSON.stringify([identity.key, question]))
    .digest('base64url');
}
