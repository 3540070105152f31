/** Says who is calling, by keys that stand in the configuration. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { definePlugin, secret, type Identity } from '@gatewright/core';
import { z } from 'zod';

const options = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        key: secret().describe('The key that the client sends. Take it from the environment.'),
        team: z.string().min(1).describe('The team that the key belongs to; logs and budgets call it so.'),
        models: z
          .array(z.string())
          .optional()
          .describe('Models that the team may use: names, or patterns with `*`. Left out: all.'),
      }),
    )
    .min(1)
    .describe('The keys, and whose they are.'),
});

const sumOf = (key: string): Buffer => createHash('sha256').update(key).digest();

export default definePlugin({
  name: '@my-scope/my-auth',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: { auth: 'key', hooks: ['auth'], reads: 'none', mutates: false, network: [], secrets: true },
  setup({ hooks }, { keys }) {
    const known = keys.map(({ key, team, models }) => {
      // `key` of an identity is its name in logs: never the key that was sent.
      const identity: Identity = Object.freeze({ key: team, team, ...(models !== undefined && { models }) });
      return { sum: sumOf(key), identity };
    });
    hooks.auth.tap(({ credential }) => {
      if (credential === undefined) return undefined;
      const sent = sumOf(credential);
      return known.find(({ sum }) => timingSafeEqual(sum, sent))?.identity;
    });
  },
});
