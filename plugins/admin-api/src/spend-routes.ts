/** The routes of spend: rows of usage, sums by key, user, team, model, provider, tag and day. */
import {
  GatewayError,
  inputTokens,
  outputTokens,
  type UsageField,
  type UsageQuery,
  type UsageReportRow,
  type UsageRow,
} from '@gatewright/core';
import { seesAll, type Actor } from '@gatewright/auth-keys/records';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { exact, toExact, toNumber } from './dollars.ts';
import { notFound } from './failure.ts';
import { id } from './holder.ts';
import { KeyDesk } from './key-desk.ts';
import { route, type AdminRoute } from './route.ts';
import { leadsTeam, seesUser } from './sight.ts';
import { dayRange, moment } from './time-range.ts';

const group = 'Spend';

const range = {
  start_date: moment.optional().describe('From this day or moment on, UTC.'),
  end_date: moment.optional().describe('Until the end of this day, or until this moment.'),
};
const filters = {
  api_key: z.string().min(1).max(256).optional().describe('A key: its id, the key itself, its SHA-256, or its alias.'),
  user_id: id.optional(),
  team_id: id.optional(),
  organization_id: id.optional(),
  end_user: id.optional(),
  tag: id.optional(),
  model: id.optional(),
  provider: id.optional(),
};
const filterShape = z.object(filters);
type Filters = z.output<typeof filterShape>;

const shownRow = z.strictObject({
  request_id: z.string().describe('The id of the attempt.'),
  exchange_id: z.string(),
  type: z.enum(['final', 'orphaned', 'adjustment']),
  call_type: z.string(),
  api_key: z.string().describe('The id of the key.'),
  user: z.string(),
  team_id: z.string().nullable(),
  organization_id: z.string().nullable(),
  end_user: z.string(),
  request_tags: z.array(z.string()),
  model: z.string().describe("The provider's name of the model."),
  model_group: z.string().describe('The name that was asked for.'),
  custom_llm_provider: z.string(),
  spend: z.number().nullable().describe('Null where the target has no price.'),
  spend_exact: exact.nullable(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
  status: z.string(),
  http_status: z.number(),
  startTime: z.string(),
  endTime: z.string(),
  duration_ms: z.number(),
  late: z.boolean(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

const sums = {
  spend: z.number(),
  spend_exact: exact,
  requests: z.number(),
  failures: z.number(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
};

export const GROUPS = {
  key: 'key',
  api_key: 'key',
  user: 'user',
  team: 'team',
  organization: 'organisation',
  customer: 'endUser',
  model: 'model',
  provider: 'provider',
  tag: 'tag',
  day: 'day',
} as const satisfies Record<string, UsageField>;
type Group = keyof typeof GROUPS;

const groupNames = z
  .string()
  .regex(new RegExp(`^(${Object.keys(GROUPS).join('|')})(,(${Object.keys(GROUPS).join('|')}))*$`), {
    error: `must be one or more, with commas, of ${Object.keys(GROUPS).join(', ')}`,
  });

export function spendRoutes(desk: Desk): AdminRoute[] {
  return [logsRoute(desk), reportRoute(desk), ...byRoutes(desk)];
}

function logsRoute(desk: Desk): AdminRoute {
  return route({
    method: 'GET',
    path: '/spend/logs',
    group,
    summary: 'Rows of usage, newest first: one for each attempt, and one for each correction.',
    access: 'known',
    query: z.strictObject({
      ...filters,
      ...range,
      before: z.string().max(256).optional().describe('The request_id of the last row of the page before.'),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answer: z.array(shownRow),
    run: async ({ actor, query }) => {
      const { before, limit } = query;
      const asked = { ...(await queryOf(desk, actor, query)), limit };
      const rows = await desk.parts.store.usage(before === undefined ? asked : { ...asked, before });
      return rows.map(shownRowOf);
    },
  });
}

function reportRoute(desk: Desk): AdminRoute {
  return route({
    method: 'GET',
    path: '/global/spend/report',
    group,
    summary: 'Sums by one or more of key, user, team, organization, customer, model, provider, tag and day.',
    access: 'known',
    query: z.strictObject({ ...filters, ...range, group_by: groupNames.default('team') }),
    answer: z.array(z.object({ ...sums, group: z.record(z.string(), z.string()) })),
    run: async ({ actor, query }) => {
      const names = [...new Set(query.group_by.split(',') as Group[])];
      const fields = [...new Set(names.map((name) => GROUPS[name]))];
      const rows = await desk.parts.store.report(await queryOf(desk, actor, query), fields);
      return rows.toSorted(byDayThenSpend).map((row) => {
        const group = Object.fromEntries(names.map((name) => [name, row.group[GROUPS[name]] ?? '']));
        return Object.assign({ group }, sumsOf(row));
      });
    },
  });
}

function byRoutes(desk: Desk): AdminRoute[] {
  const by = (path: string, field: Exclude<UsageField, 'day'>, name: string, title: string): AdminRoute =>
    route({
      method: 'GET',
      path,
      group,
      summary: title,
      access: 'viewer',
      query: z.strictObject({ ...range, limit: z.coerce.number().int().min(1).max(10_000).default(100) }),
      answer: z.array(z.object({ ...sums, [name]: z.string() })),
      run: async ({ query }) => {
        const rows = await desk.parts.store.report(dayRange(query), [field]);
        const named = rows.filter((row) => (row.group[field] ?? '') !== '');
        const shown = named.toSorted(byDayThenSpend).slice(0, query.limit);
        return shown.map((row) => Object.assign(sumsOf(row), { [name]: row.group[field] ?? '' }));
      },
    });
  return [
    by('/spend/keys', 'key', 'token', 'What each key has spent, the most first.'),
    by('/spend/users', 'user', 'user_id', 'What each user has spent, the most first.'),
    by('/spend/teams', 'team', 'team_id', 'What each team has spent, the most first.'),
    by('/spend/tags', 'tag', 'individual_request_tag', 'What was spent under each tag, the most first.'),
    by('/spend/models', 'model', 'model', 'What was spent on each model, the most first.'),
    by('/spend/providers', 'provider', 'provider', 'What was spent at each provider, the most first.'),
  ];
}

/** Only what the actor may see: without an admin's eyes, a key, a user or a team must be named, and be theirs. */
async function queryOf(desk: Desk, actor: Actor, query: Filters & Parameters<typeof dayRange>[0]): Promise<UsageQuery> {
  const named = seesAll(actor) ? query : narrowed(actor, query);
  const {
    api_key: text,
    user_id: user,
    team_id: team,
    organization_id: organisation,
    end_user: endUser,
    ...rest
  } = named;
  const key = text === undefined ? undefined : (await new KeyDesk(desk).find(text, actor)).id;
  if (!seesAll(actor)) await checkSight(desk, actor, { key, user, team });
  const { tag, model, provider } = rest;
  const where = { key, user, team, organisation, endUser, tag, model, provider };
  const given = Object.entries(where).filter(([, value]) => value !== undefined);
  return { ...dayRange(query), where: Object.fromEntries(given) as NonNullable<UsageQuery['where']> };
}

/** Who names nothing means themself. */
function narrowed(actor: Actor, query: Filters): Filters {
  if (query.api_key !== undefined || query.user_id !== undefined || query.team_id !== undefined) return query;
  if (actor.user !== undefined && actor.role !== undefined) return { ...query, user_id: actor.user };
  if (actor.key === undefined) throw new GatewayError('GW_FORBIDDEN', 'Name a key, a user or a team of your own.');
  return { ...query, api_key: actor.key };
}

async function checkSight(
  desk: Desk,
  actor: Actor,
  { key, user, team }: { key: string | undefined; user: string | undefined; team: string | undefined },
): Promise<void> {
  // A key of theirs has passed already; what else is named only narrows what is shown of it.
  if (key !== undefined) return;
  if (user !== undefined && seesUser(actor, user)) return;
  if (team !== undefined) {
    const record = await desk.records.teams.get(team);
    if (record !== undefined && leadsTeam(actor, team, record.value)) return;
    throw notFound('team', team);
  }
  throw notFound('user', user ?? '');
}

function byDayThenSpend(one: UsageReportRow, other: UsageReportRow): number {
  const [a, b] = [one.group.day ?? '', other.group.day ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return one.nanos === other.nanos ? 0 : one.nanos > other.nanos ? -1 : 1;
}

function sumsOf(row: UsageReportRow): z.input<z.ZodObject<typeof sums>> {
  return {
    spend: toNumber(row.nanos),
    spend_exact: toExact(row.nanos),
    requests: row.requests,
    failures: row.failures,
    prompt_tokens: row.inputTokens,
    completion_tokens: row.outputTokens,
    total_tokens: row.inputTokens + row.outputTokens,
  };
}

function shownRowOf(row: UsageRow): z.input<typeof shownRow> {
  const { usage, nanos, time, duration } = row;
  const input = usage === undefined ? 0 : inputTokens(usage);
  const output = usage === undefined ? 0 : outputTokens(usage);
  return {
    request_id: row.id,
    exchange_id: row.exchange,
    type: row.type,
    call_type: row.operation,
    api_key: row.key,
    user: row.user ?? '',
    team_id: row.team ?? null,
    organization_id: row.organisation ?? null,
    end_user: row.endUser ?? '',
    request_tags: [...(row.tags ?? [])],
    model: row.upstreamModel,
    model_group: row.model,
    custom_llm_provider: row.provider,
    spend: nanos === undefined ? null : toNumber(nanos),
    spend_exact: nanos === undefined ? null : toExact(nanos),
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    status: row.result,
    http_status: row.status,
    startTime: new Date(time - duration).toISOString(),
    endTime: new Date(time).toISOString(),
    duration_ms: duration,
    late: row.late === true,
    error: row.error ?? null,
  };
}
