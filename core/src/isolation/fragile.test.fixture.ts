/** A plugin that dies, or works without an end, when it is told to. */
import { z } from 'zod';
import { definePlugin } from '../plugin.ts';

export default definePlugin({
  name: 'fragile',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.auth.tap(({ credential = '' }) => {
      if (credential === 'throw') throw new Error('not today');
      if (credential === 'spin') for (;;);
      if (credential !== 'die') return { key: credential };
      queueMicrotask(() => {
        throw new Error('the floor gave way');
      });
      return new Promise(() => undefined);
    });
  },
});
