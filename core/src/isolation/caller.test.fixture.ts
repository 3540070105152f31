/** A plugin that calls where it is told to, and declares two hosts. */
import { z } from 'zod';
import { definePlugin } from '../plugin.ts';

export default definePlugin({
  name: 'test-caller',
  version: '1.0.0',
  engine: '^1',
  options: z.looseObject({}),
  supports: { network: ['api.acme.example', 'Local*'] },
  setup({ hooks }) {
    hooks.auth.tap(async ({ credential = '' }) => {
      try {
        return { key: await (await fetch(credential)).text() };
      } catch (error) {
        const { message, cause } = error as Error;
        return { key: `failed: ${message}: ${(cause as Error | undefined)?.message}` };
      }
    });
  },
});
