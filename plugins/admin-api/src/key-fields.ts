/** Keys on the wire: what bodies say of them, and what answers do. */
import type { Key } from '@gatewright/auth-keys/records';
import { durationOf, GatewayError, type StoredRecord } from '@gatewright/core';
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

const names = z.array(id).max(1000);

/** A month of a key's life, in days. */
const MONTH = 30;

const fields = {
  ...holderFields,
  ...grantFields,
  key_alias: id.nullish().describe('A name for people; no two keys have the same.'),
  duration: z
    .string()
    .regex(/^([1-9]\d{0,5}(s|m|h|d|w|mo)|-1)$/, 'must be a length of time like 30s, 12h, 30d or 1mo; -1 for no end')
    .nullish()
    .describe('How long the key is taken from now on; 1mo are 30 days.'),
  user_id: id.nullish(),
  team_id: id.nullish(),
  organization_id: id.nullish(),
  tags: names.nullish(),
  allow_request_tags: z.boolean().nullish().describe('Requests may bring tags of their own.'),
  operations: names.nullish().describe('Operations that may be used, like chat; empty: all.'),
  role: roleWord.nullish().describe('What the key may do here, never more than its user. Absent: look at itself.'),
};

export const newKeyBody = z.strictObject({
  ...fields,
  key: z.string().max(256).optional().describe('A secret of your own choice; only admins may choose one.'),
  token: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
    .optional()
    .describe('The SHA-256 of a key that nobody tells: for keys that are brought from elsewhere. Only for admins.'),
  key_name: z.string().max(64).optional().describe('What people are shown of a key that is known by its hash only.'),
  spend: z.number().min(0).max(999_999_999).optional().describe('Dollars that were spent elsewhere; only for admins.'),
});

export const keyPatchBody = z.strictObject({ ...fields, key: z.string().max(256).optional() });
export type KeyPatchBody = z.output<typeof keyPatchBody>;

export const shownKey = z.strictObject({
  token: z.string().describe('The id of the key, to name it by; never the key itself.'),
  key_name: z.string().describe('What people are shown of the key: sk-...wxyz.'),
  key_alias: z.string().nullable(),
  ...shownHolderFields,
  ...shownGrantFields,
  operations: z.array(z.string()),
  role: z.string().nullable(),
  user_id: z.string().nullable(),
  team_id: z.string().nullable(),
  organization_id: z.string().nullable(),
  tags: z.array(z.string()),
  allow_request_tags: z.boolean(),
  expires: z.string().nullable(),
  rotation_count: z.number(),
  last_rotation_at: z.string().nullable(),
  grace_until: z.string().nullable().describe('Until when a secret from before a rotation is still taken.'),
});
export type ShownKey = z.output<typeof shownKey>;

/** A key that was just made. */
export const madeKey = shownKey.extend({
  key: z.string().nullable().describe('The secret, shown only now; null where the key is known by its hash only.'),
  token_id: z.string(),
});

/** The fields of a record that a body is about; null takes one away. Throws `GW_BAD_REQUEST`. */
export function keyPatch(before: Partial<Key>, body: KeyPatchBody, now: number): Record<string, unknown> {
  const { key_alias: alias, user_id: user, team_id: team, organization_id: organisation, tags, operations } = body;
  const { role, duration, allow_request_tags: requestTags } = body;
  return {
    ...patchedHolder(before, body),
    ...patchedGrants(body),
    ...given({ alias, user, team, organisation }),
    ...(tags === undefined ? {} : { tags: listOrNull(tags) }),
    ...(operations === undefined ? {} : { operations: listOrNull(operations) }),
    ...(role === undefined ? {} : { role: role === null ? null : roleOf(role) }),
    ...(requestTags === undefined ? {} : { requestTags: requestTags === true ? true : null }),
    ...(duration === undefined
      ? {}
      : { expires: duration === null || duration === '-1' ? null : now + length(duration) }),
  };
}

const given = (all: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));

const listOrNull = (list: readonly string[] | null): readonly string[] | null =>
  list === null || list.length === 0 ? null : list;

/** Milliseconds. Throws `GW_BAD_REQUEST`. */
export function length(text: string): number {
  const months = /^(\d+)mo$/.exec(text)?.[1];
  const found = durationOf(months === undefined ? text : `${Number(months) * MONTH}d`);
  if (found !== undefined) return found;
  throw new GatewayError('GW_BAD_REQUEST', `duration: "${text.slice(0, 32)}" is no length of time.`, {
    param: 'duration',
  });
}

const time = (moment: number | undefined): string | null =>
  moment === undefined ? null : new Date(moment).toISOString();

/** What an answer says of a key. */
export function shownKeyOf(record: StoredRecord<Key>, standings: readonly Standing[], spent: bigint): ShownKey {
  const { value } = record;
  const grace = (value.previous ?? []).map(({ until }) => until);
  return {
    token: record.id,
    key_name: value.shown,
    key_alias: value.alias ?? null,
    ...shownHolder(record, standings, spent),
    ...shownGrants(value),
    operations: [...(value.operations ?? [])],
    role: value.role === undefined ? null : shownRole(value.role),
    user_id: value.user ?? null,
    team_id: value.team ?? null,
    organization_id: value.organisation ?? null,
    tags: [...(value.tags ?? [])],
    allow_request_tags: value.requestTags === true,
    expires: time(value.expires),
    rotation_count: value.rotations,
    last_rotation_at: time(value.rotated),
    grace_until: time(grace.length === 0 ? undefined : Math.max(...grace)),
  };
}
