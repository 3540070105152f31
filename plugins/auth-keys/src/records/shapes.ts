/** The shapes of the records that say who may do what: users, teams, organisations, and what they share. */
import { z } from 'zod';
import { budgetTerms, grants, holder, ids, limitTerms, metadata, name, names } from './terms.ts';

/** What somebody may do to other records. A viewer may look at what an admin may change. */
export const role = z.enum(['admin', 'admin-viewer', 'user', 'viewer']);
export type Role = z.output<typeof role>;

/** A role within a team or an organisation. */
export const memberRole = z.enum(['admin', 'member']);

export const userShape = z.strictObject({
  ...holder,
  ...grants,
  alias: name.optional(),
  email: name.optional(),
  role: role.default('user').describe('What the person may do on the management surface.'),
  tags: ids.optional(),
});
export type User = z.output<typeof userShape>;

export const member = z.strictObject({
  user: name,
  role: memberRole.default('member'),
  budgets: z.array(budgetTerms).max(50).optional().describe('What this member may spend in this team.'),
  budgetIds: ids.optional(),
  limits: z.array(limitTerms).max(50).optional(),
  models: names.optional().describe('The models of the team that this member may use. Absent: all of them.'),
});
export type Member = z.output<typeof member>;

/** Teams of more people use an identity provider's groups: a record is read and written whole. */
const members = z
  .array(member)
  .max(5000)
  .refine((all) => new Set(all.map(({ user }) => user)).size === all.length, 'must name each user once');

export const teamShape = z.strictObject({
  ...holder,
  ...grants,
  alias: name.optional(),
  organisation: name.optional(),
  members: members.default([]),
  memberDefaults: z
    .strictObject({
      budgets: z.array(budgetTerms).max(50).optional(),
      budgetIds: ids.optional(),
      limits: z.array(limitTerms).max(50).optional(),
      models: names.optional(),
    })
    .optional()
    .describe('What holds for members, and users of the team’s keys, who have nothing of their own.'),
  tags: ids.optional(),
});
export type Team = z.output<typeof teamShape>;

export const organisationShape = z.strictObject({
  ...holder,
  ...grants,
  alias: name.optional(),
  members: z
    .array(z.strictObject({ user: name, role: memberRole.default('member') }))
    .max(5000)
    .default([]),
  tags: ids.optional(),
});
export type Organisation = z.output<typeof organisationShape>;

/** Terms with a name, that several records refer to. Each of them is counted apart, unless they are pooled. */
export const budgetShape = z.strictObject({
  alias: name.optional(),
  budgets: z.array(budgetTerms).max(50).default([]),
  limits: z.array(limitTerms).max(50).default([]),
  pooled: z.boolean().optional().describe('All who refer to it spend from one purse.'),
  metadata: metadata.optional(),
  createdBy: name.optional(),
});
export type Budget = z.output<typeof budgetShape>;

/** A client's own user: the end of the line. */
export const customerShape = z.strictObject({
  ...holder,
  alias: name.optional(),
  defaultModel: name.optional().describe('For reports and scripts; requests name their models themselves.'),
  allowedRegion: name.optional(),
});
export type Customer = z.output<typeof customerShape>;

export const tagShape = z.strictObject({ ...holder, description: z.string().max(2000).optional() });
export type Tag = z.output<typeof tagShape>;

/** A name for several models: keys that have the group may use all of them. */
export const accessGroupShape = z.strictObject({
  models: names.default([]),
  description: z.string().max(2000).optional(),
  metadata: metadata.optional(),
  createdBy: name.optional(),
});
export type AccessGroup = z.output<typeof accessGroupShape>;
