/** Teams on the wire. */
import { member, type Member, type memberRole, type Team } from '@gatewright/auth-keys/records';
import type { StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import { dollars } from './dollars.ts';
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
import type { Standing } from './standing.ts';
import { patchedTerms, shownTerms } from './terms.ts';

type MemberRole = z.output<typeof memberRole>;

/** Both the gateway's words and those of older scripts. */
const roleField = z.enum(['admin', 'user', 'member']).default('user');
const toRole = (word: z.output<typeof roleField>): MemberRole => (word === 'admin' ? 'admin' : 'member');

export const memberField = z.strictObject({ user_id: id, role: roleField });
const windowField = holderFields.budget_duration;
const count = holderFields.rpm_limit;

const fields = {
  ...holderFields,
  ...grantFields,
  team_alias: id.nullish(),
  organization_id: id.nullish(),
  tags: z.array(id).max(1000).nullish(),
  team_member_budget: dollars.nullish().describe('Dollars for each member who has no budget of their own.'),
  team_member_budget_duration: windowField,
  team_member_rpm_limit: count,
  team_member_tpm_limit: count,
};

export const newTeamBody = z.strictObject({
  ...fields,
  team_id: id.optional(),
  members_with_roles: z.array(memberField).max(5000).optional(),
});
export const teamPatchBody = z.strictObject({ ...fields, team_id: id });
type TeamFields = z.output<z.ZodObject<typeof fields>>;

export const memberPatch = z.strictObject({
  max_budget_in_team: dollars.nullish().describe('Dollars that this member may spend in the team.'),
  budget_duration: windowField,
  rpm_limit: count,
  tpm_limit: count,
  allowed_models: z.array(id).max(1000).nullish(),
});
export type MemberPatch = z.output<typeof memberPatch>;

export const shownMember = z.strictObject({
  user_id: z.string(),
  role: z.enum(['admin', 'user']),
  max_budget_in_team: z.number().nullable(),
  budget_duration: z.string().nullable(),
  rpm_limit: z.number().nullable(),
  tpm_limit: z.number().nullable(),
  allowed_models: z.array(z.string()),
});

export const shownTeam = z.strictObject({
  team_id: z.string(),
  team_alias: z.string().nullable(),
  organization_id: z.string().nullable(),
  ...shownHolderFields,
  ...shownGrantFields,
  tags: z.array(z.string()),
  members_with_roles: z.array(shownMember),
  team_member_budget: z.number().nullable(),
  team_member_budget_duration: z.string().nullable(),
  team_member_rpm_limit: z.number().nullable(),
  team_member_tpm_limit: z.number().nullable(),
});
export type ShownTeam = z.output<typeof shownTeam>;

/** The fields of a record that a body is about; null takes one away. */
export function teamPatch(before: Partial<Team>, body: TeamFields): Record<string, unknown> {
  const { team_alias: alias, organization_id: organisation, tags } = body;
  return {
    ...patchedHolder(before, body),
    ...patchedGrants(body),
    ...(alias === undefined ? {} : { alias }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(tags === undefined ? {} : { tags }),
    ...defaultsPatch(before, body),
  };
}

function defaultsPatch(before: Partial<Team>, body: TeamFields): Record<string, unknown> {
  const { memberDefaults = {} } = before;
  const terms = patchedTerms(memberDefaults, {
    max_budget: body.team_member_budget,
    budget_duration: body.team_member_budget_duration,
    rpm_limit: body.team_member_rpm_limit,
    tpm_limit: body.team_member_tpm_limit,
  });
  return Object.keys(terms).length === 0 ? {} : { memberDefaults: { ...memberDefaults, ...terms } };
}

export const newMember = ({ user_id: user, role }: z.output<typeof memberField>): Member =>
  member.parse({ user, role: toRole(role) });

/** A member after a patch. */
export function patchedMember(before: Member, patch: MemberPatch, role?: z.output<typeof roleField>): Member {
  const terms = patchedTerms(before, {
    max_budget: patch.max_budget_in_team,
    budget_duration: patch.budget_duration,
    rpm_limit: patch.rpm_limit,
    tpm_limit: patch.tpm_limit,
  });
  const { models: _models, ...rest } = before;
  const models = patch.allowed_models === undefined ? before.models : (patch.allowed_models ?? undefined);
  return {
    ...rest,
    ...terms,
    ...(models === undefined || models.length === 0 ? {} : { models }),
    ...(role === undefined ? {} : { role: toRole(role) }),
  };
}

function shownMemberOf(one: Member): z.output<typeof shownMember> {
  const { max_budget: most, budget_duration: duration, rpm_limit: rpm, tpm_limit: tpm } = shownTerms(one);
  return {
    user_id: one.user,
    role: one.role === 'admin' ? 'admin' : 'user',
    max_budget_in_team: most,
    budget_duration: duration,
    rpm_limit: rpm,
    tpm_limit: tpm,
    allowed_models: [...(one.models ?? [])],
  };
}

/** What an answer says of a team, with the members that may be shown. */
export function shownTeamOf(
  record: StoredRecord<Team>,
  standings: readonly Standing[],
  spent: bigint,
  members: readonly Member[],
): ShownTeam {
  const { value } = record;
  const defaults = shownTerms(value.memberDefaults ?? {});
  return {
    team_id: record.id,
    team_alias: value.alias ?? null,
    organization_id: value.organisation ?? null,
    ...shownHolder(record, standings, spent),
    ...shownGrants(value),
    tags: [...(value.tags ?? [])],
    members_with_roles: members.map(shownMemberOf),
    team_member_budget: defaults.max_budget,
    team_member_budget_duration: defaults.budget_duration,
    team_member_rpm_limit: defaults.rpm_limit,
    team_member_tpm_limit: defaults.tpm_limit,
  };
}
