/** The shape of a virtual key's record. The secret itself is nowhere in it. */
import type { Operation } from '@gatewright/core';
import { z } from 'zod';
import { role } from './shapes.ts';
import { isHash } from './secret.ts';
import { grants, holder, ids, moment, name } from './terms.ts';

const hash = z.string().refine(isHash, 'must be a SHA-256 in lower-case hex');

/** What the caller of `create` says of a key. */
export const newKeyShape = z.strictObject({
  ...holder,
  ...grants,
  alias: name.optional().describe('A name for people; no two keys have the same.'),
  user: name.optional(),
  team: name.optional(),
  organisation: name.optional(),
  operations: z
    .array(name.transform((text) => text as Operation))
    .max(100)
    .optional()
    .describe('Operations that may be used, such as `chat`. Absent: all.'),
  tags: ids.optional().describe('Stand on every request of the key.'),
  requestTags: z.boolean().optional().describe('Requests may bring tags of their own in a header.'),
  role: role
    .optional()
    .describe('What the key may do on the management surface, never more than its user. Absent: nothing.'),
  expires: moment.optional().describe('Unix milliseconds from which on the key is no longer taken.'),
});
export type NewKey = z.input<typeof newKeyShape>;

/** A key as it is stored. */
export const keyShape = newKeyShape.extend({
  hash: hash.describe('The SHA-256 of the secret.'),
  shown: z.string().max(64).describe('What people are shown of the secret: `sk-...wxyz`.'),
  previous: z
    .array(z.strictObject({ hash, until: moment }))
    .max(20)
    .optional()
    .describe('Secrets from before a rotation, and until when they are still taken.'),
  rotations: z.int().min(0).default(0),
  rotated: moment.optional(),
});
export type Key = z.output<typeof keyShape>;

/** Under what a key is found: all hashes that may still be taken, and whose it is. */
export function keyIndex(key: Key): Record<string, string | string[]> {
  const { alias, user, team, organisation } = key;
  const hashes = [key.hash, ...(key.previous ?? []).map(({ hash }) => hash)];
  return { hash: hashes, ...present({ alias, user, team, organisation }), tag: key.tags ?? [] };
}

/** What no two keys may share. */
export function keyClaims(key: Key): string[] {
  const hashes = [key.hash, ...(key.previous ?? []).map(({ hash }) => hash)];
  return [...hashes.map((one) => `key-hash:${one}`), ...(key.alias === undefined ? [] : [`key-alias:${key.alias}`])];
}

/** A key without its hashes: for audit entries and for people. */
export function publicKey({ hash: _hash, previous, ...rest }: Key): Record<string, unknown> {
  return previous === undefined ? rest : { ...rest, previous: previous.map(({ until }) => ({ until })) };
}

/** Without the fields that have no value. */
export function present(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined));
}
