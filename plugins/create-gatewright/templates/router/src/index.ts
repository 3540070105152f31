/** Tries the targets of one provider first. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { withFirst } from './order.ts';

const options = z.strictObject({
  first: z.string().min(1).describe('The id of the provider whose targets are tried first.'),
});

export default definePlugin({
  name: '@my-scope/my-router',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: { hooks: ['route'], reads: 'none', mutates: false, network: [] },
  setup({ hooks }, { first }) {
    hooks.route.tap((route) => ({ ...route, targets: withFirst(route.targets, first) }));
  },
});
