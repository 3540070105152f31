/** A gateway with a bit of everything, for the tests of plan and explain. */

const plugin = (name: string, setup: string, more = ''): string => `
import { definePlugin, secret } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: '@acme/${name}', version: '2.1.0', engine: '^1',
  options: z.strictObject({ token: secret().optional(), words: z.array(z.string()).default([]) }), ${more}
  setup({ hooks, http, provide, useIfPresent }, options) { ${setup} },
});
`;

/** Taps both sides of a chat; `mask` and `guard` are to nest. */
const BOTH_SIDES = `
  const keep = { event: (event) => [event], end: () => [] };
  hooks.transform.request.tap('chat', (request) => request);
  hooks.transform.event.tap('chat', () => keep);
  hooks.transform.response.tap('chat', (response) => response);
`;

export const PLUGINS: Readonly<Record<string, string>> = {
  'mask.ts': plugin('mask', BOTH_SIDES),
  'guard.ts': plugin('guard', `${BOTH_SIDES} hooks.route.tap((route) => ({ targets: route.targets.toReversed() }));`),
  'prompt.ts': plugin(
    'prompt',
    `hooks.transform.request.tap('chat', (request) => ({ ...request, temperature: 0.5 }), { stage: 'early', timeout: 500 });`,
  ),
  'rates.ts': plugin(
    'rates',
    `provide('prices', { cost: () => undefined, bound: () => undefined, priced: () => true });
     hooks.log.tap(() => { throw new Error('a dry run logs nothing'); }, { operations: ['chat'] });
     http.route('GET', '/rates', () => undefined);`,
    "provides: ['prices'], usesIfPresent: ['state'], supports: { currency: 'USD' },",
  ),
};

export const YAML = `
listen: { port: 4100 }
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/dialect-anthropic'
  - use: '@gatewright/provider-simulated'
  - { use: '@gatewright/provider-simulated', id: other, with: { dialect: anthropic-messages } }
  - { use: ./mask.ts, with: { token: sk-mask-secret } }
  - use: ./guard.ts
  - use: ./prompt.ts
  - use: ./rates.ts
  - { use: ./nowhere.ts, if: env.NOWHERE }
models:
  smart:
    targets:
      - { provider: simulated, model: sim, weight: 3, retries: 2, timeouts: { connect: 500ms } }
      - { provider: other, model: sim-large, unsupported: drop, reports: requested }
    fallbacks: [small]
  small: { targets: [simulated/sim-small], aliases: [tiny-one, mini] }
`;

export const ACME = { ...PLUGINS, 'gatewright.yaml': YAML };
