import { expect, test } from 'vitest';
import { withDefaults } from './chat-defaults.ts';

test('without defaults there is nothing to change', () => {
  expect(withDefaults({ options: {} })).toBeUndefined();
});

test('defaults are for what the chat does not say', () => {
  const change = withDefaults({ keepAlive: '10m', numCtx: 8192, options: { num_gpu: 1, num_ctx: 1, seed: 1 } });
  expect(change?.({ model: 'm' })).toEqual({
    model: 'm',
    keep_alive: '10m',
    options: { num_gpu: 1, num_ctx: 8192, seed: 1 },
  });
  const body = { model: 'm', keep_alive: 0, options: { num_ctx: 4096, temperature: 0 } };
  expect(change?.(body)).toEqual({
    model: 'm',
    keep_alive: 0,
    options: { num_gpu: 1, num_ctx: 4096, seed: 1, temperature: 0 },
  });
  expect(body.options).toEqual({ num_ctx: 4096, temperature: 0 });
  expect(withDefaults({ keepAlive: -1, options: {} })?.({ options: null })).toEqual({ keep_alive: -1, options: null });
});
