/** Users on the wire. */
import type { User } from '@gatewright/auth-keys/records';
import type { StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import {
  grantFields,
  holderFields,
  id,
  patchedGrants,
  patchedHolder,
  shownGrantFields,
  shownGrants,
} from './holder.ts';
import { shownHolder, shownHolderFields } from './holder.ts';
import { roleOf, roleWord, shownRole } from './role.ts';
import type { Standing } from './standing.ts';

const fields = {
  ...holderFields,
  ...grantFields,
  user_alias: id.nullish(),
  user_email: id.nullish(),
  user_role: roleWord.nullish().describe('What the person may do here. Default: user.'),
  tags: z.array(id).max(1000).nullish(),
};

export const newUserBody = z.strictObject({
  ...fields,
  user_id: id.optional(),
  teams: z.array(id).max(100).optional().describe('Teams to become a member of.'),
  auto_create_key: z.boolean().default(true).describe('Whether a key is made at once, and shown in the answer.'),
  key_alias: id.nullish(),
  duration: z.string().max(16).nullish().describe('How long the key is taken, like 30d.'),
});
export const userPatchBody = z.strictObject({ ...fields, user_id: id });

export const shownUser = z.strictObject({
  user_id: z.string(),
  user_alias: z.string().nullable(),
  user_email: z.string().nullable(),
  user_role: z.string(),
  ...shownHolderFields,
  ...shownGrantFields,
  tags: z.array(z.string()),
  teams: z.array(z.string()),
});
export type ShownUser = z.output<typeof shownUser>;

type UserFields = z.output<z.ZodObject<typeof fields>>;

/** The fields of a record that a body is about; null takes one away. */
export function userPatch(before: Partial<User>, body: UserFields): Record<string, unknown> {
  const { user_alias: alias, user_email: email, user_role: role, tags } = body;
  return {
    ...patchedHolder(before, body),
    ...patchedGrants(body),
    ...(alias === undefined ? {} : { alias }),
    ...(email === undefined ? {} : { email }),
    ...(role === undefined ? {} : { role: role === null ? null : roleOf(role) }),
    ...(tags === undefined ? {} : { tags }),
  };
}

export function shownUserOf(
  record: StoredRecord<User>,
  standings: readonly Standing[],
  spent: bigint,
  teams: readonly string[],
): ShownUser {
  const { value } = record;
  return {
    user_id: record.id,
    user_alias: value.alias ?? null,
    user_email: value.email ?? null,
    user_role: shownRole(value.role),
    ...shownHolder(record, standings, spent),
    ...shownGrants(value),
    tags: [...(value.tags ?? [])],
    teams: [...teams],
  };
}
