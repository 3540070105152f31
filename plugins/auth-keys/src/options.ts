/** The plugin's options. */
import { durationOf, secret } from '@gatewright/core';
import { z } from 'zod';

const length = z
  .string()
  .refine((text) => durationOf(text) !== undefined, 'must be a length of time like 30s, 15m, 6h or 1d')
  .transform((text) => durationOf(text) ?? 0);

const headers = z.array(z.string().regex(/^[a-z0-9-]+$/, 'must be the name of a header, in lower case'));

export const options = z.strictObject({
  adminKey: secret()
    .min(16, 'must have at least 16 characters')
    .regex(/^[\x21-\x7e]+$/, 'must be ASCII without spaces')
    .optional()
    .describe('A key that may do everything, on all surfaces. Take it from the environment: `${env:NAME}`.'),
  headers: headers
    .default(['x-gatewright-key', 'x-litellm-api-key'])
    .describe('Headers that may carry the key, before those that the surface knows.'),
  cache: z
    .strictObject({
      keys: z.int().min(100).max(10_000_000).default(50_000).describe('The most keys that are remembered.'),
      ttl: length.prefault('10m').describe('How long a key is remembered before it is read again, changed or not.'),
      unknown: z
        .int()
        .min(100)
        .max(1_000_000)
        .default(10_000)
        .describe('The most credentials that are remembered to be nobody’s key.'),
      unknownTtl: length.prefault('10s').describe('How long such a credential is not looked up again.'),
    })
    .prefault({})
    .describe('What is remembered of keys.'),
  stale: z
    .union([
      z.literal('refuse'),
      z.strictObject({ serve: length.describe('For how long what is remembered is used: `10m`.') }),
    ])
    .prefault('refuse')
    .describe(
      'While the store cannot be reached: `refuse` answers 503 within a second, `{ serve }` lets remembered keys in for so long.',
    ),
  reads: z
    .strictObject({
      atOnce: z.int().min(1).max(1000).default(16).describe('The most reads of the store at once.'),
      waiting: z.int().min(0).max(100_000).default(1000).describe('The most reads that wait their turn.'),
      timeout: length.prefault('2s').describe('How long a request waits for its key at most.'),
    })
    .prefault({})
    .describe('How the store is read for keys that are not remembered.'),
  endUser: z
    .strictObject({
      headers: headers
        .default(['x-gatewright-end-user', 'x-litellm-end-user-id', 'x-litellm-customer-id'])
        .describe('Headers that name the client’s own user.'),
      body: z
        .array(z.string().min(1))
        .default(['user'])
        .describe('Members of a JSON body that do, with a dot for one inside another: `metadata.user_id`.'),
      budget: z.string().min(1).optional().describe('The id of a budget for every end user who has none of their own.'),
    })
    .prefault({})
    .describe('How requests say whose end user they are for. Headers go first.'),
  tags: z
    .strictObject({
      headers: headers
        .default(['x-gatewright-tags', 'x-litellm-tags'])
        .describe('Headers that bring tags, with commas between them.'),
      from: z
        .enum(['keys', 'all', 'nobody'])
        .default('keys')
        .describe('Who may bring tags: keys that have `requestTags`, all keys, or nobody. Others are refused.'),
    })
    .prefault({})
    .describe('Tags that a request brings besides those of its key.'),
});

export type Options = z.output<typeof options>;
