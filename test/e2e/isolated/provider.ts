/** A provider for tests, in a thread of its own. */
import { definePlugin } from '@gatewright/core';
import { Upstream } from '@gatewright/core/wire';
import { z } from 'zod';

function die(): void {
  throw new Error('nobody catches this');
}

export default definePlugin({
  name: 'test-far-provider',
  version: '1.0.0',
  engine: '^1',
  id: 'far',
  options: z.strictObject({ baseUrl: z.string().describe('Where it is.') }),
  setup({ hooks, share }, { baseUrl }) {
    const upstream = share(
      'upstream',
      () => new Upstream({ baseUrl }),
      (pool) => pool.close(),
    );
    hooks.call.tap(
      (attempt) => {
        if (attempt.body?.includes('die in a moment') === true) setTimeout(die, 300);
        return upstream.send(attempt, { path: '/v1/chat/completions', headers: { authorization: 'Bearer far' } });
      },
      { operations: { chat: { dialect: 'openai-chat' } } },
    );
  },
});
