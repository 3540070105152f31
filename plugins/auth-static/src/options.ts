/** The options: the keys, and whose they are. */
import { secret } from '@gatewright/core';
import { z } from 'zod';

/** Keys below this length can be guessed; they are taken with a warning. */
export const SHORT_KEY = 16;

const keyOptions = z.strictObject({
  key: secret().describe('The key that the client sends. Take it from the environment: `${env:NAME}`.'),
  id: z
    .string()
    .min(1)
    .describe('What logs, metrics and budgets call this key. Unique, and no secret: never a piece of the key.'),
  user: z.string().min(1).optional().describe('The person or service that the key belongs to.'),
  team: z.string().min(1).optional().describe('The team that the key belongs to.'),
  organisation: z.string().min(1).optional().describe('The organisation that the key belongs to.'),
  tags: z.array(z.string().min(1)).optional().describe('Free labels for reports and policies.'),
  models: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Models that the key may use: names, patterns in which `*` stands for anything, or groups of the configuration: `@premium`. Left out: all.',
    ),
  operations: z
    .array(z.string().min(1))
    .optional()
    .describe('Operations that the key may use, such as `chat`. Left out: all.'),
  metadata: z.record(z.string(), z.json()).optional().describe('Anything else that other plugins should know.'),
});

/** One key as the configuration gives it. */
export type KeyOptions = z.output<typeof keyOptions>;

/** The options of the plugin. Messages name the place of a key, never the key. */
export const options = z
  .strictObject({
    keys: z.array(keyOptions).min(1).describe('The keys, and who may do what with them.'),
  })
  .superRefine(({ keys }, context) => {
    const firstWithKey = new Map<string, number>();
    const firstWithId = new Map<string, number>();
    const complain = (index: number, field: 'key' | 'id', message: string): void => {
      context.addIssue({ code: 'custom', path: ['keys', index, field], message });
    };
    keys.forEach(({ key, id }, index) => {
      if (!/^[\x21-\x7e]+$/.test(key)) {
        complain(index, 'key', 'The key has white space or characters beyond ASCII in it, so no client could send it.');
      }
      const sameKey = firstWithKey.get(key);
      if (sameKey === undefined) firstWithKey.set(key, index);
      else complain(index, 'key', `The key is the same as that of keys[${sameKey}]. Give each its own.`);
      const sameId = firstWithId.get(id);
      if (sameId === undefined) firstWithId.set(id, index);
      else complain(index, 'id', `The id "${id}" is already that of keys[${sameId}]. Give each key an id of its own.`);
    });
  });
