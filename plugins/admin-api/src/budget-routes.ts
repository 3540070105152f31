/** The routes of shared budgets. */
import { randomUUID } from 'node:crypto';
import { checkAdmin, type Author, type Budget } from '@gatewright/auth-keys/records';
import type { StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { id, present } from './holder.ts';
import { route, type AdminRoute, type Call } from './route.ts';
import { scopeOf } from './scopes.ts';
import { standingShape } from './standing.ts';
import { patchedTerms, shownTermFields, shownTerms, termFields } from './terms.ts';
import { listFields } from './page.ts';
import { walk } from './walk.ts';

const group = 'Budgets';

const fields = {
  ...termFields,
  budget_alias: id.nullish(),
  pooled: z
    .boolean()
    .nullish()
    .describe('All who refer to it spend from one purse. Default: each has one of their own.'),
  metadata: z.record(z.string(), z.json()).nullish(),
};
type Fields = z.output<z.ZodObject<typeof fields>>;

const shownBudget = z.strictObject({
  budget_id: z.string(),
  budget_alias: z.string().nullable(),
  ...shownTermFields,
  pooled: z.boolean(),
  budget_status: z
    .array(standingShape)
    .describe('How it stands where it is pooled; else those who refer to it have it.'),
  metadata: z.record(z.string(), z.unknown()),
  created_at: z.string(),
  updated_at: z.string(),
  created_by: z.string().nullable(),
});

export function budgetRoutes(desk: Desk): AdminRoute[] {
  const { budgets } = desk.records;
  return [
    route({
      method: 'POST',
      path: '/budget/new',
      group,
      summary: 'Makes a budget that keys, teams, users and customers can refer to.',
      access: 'admin',
      body: z.strictObject({ ...fields, budget_id: id.optional() }),
      answer: shownBudget,
      run: async (call) => {
        const { budget_id: one = randomUUID(), ...body } = call.body;
        const value = { createdBy: call.actor.id, ...present(patch({}, body)) };
        return show(desk, await desk.changed(budgets.create(one, value, authorOf(call))));
      },
    }),
    route({
      method: 'POST',
      path: '/budget/update',
      group,
      summary: 'Changes a budget: what is absent stays, null takes a field away.',
      access: 'admin',
      body: z.strictObject({ ...fields, budget_id: id }),
      answer: shownBudget,
      run: async (call) => {
        const { budget_id: one, ...body } = call.body;
        const after = (value: Budget): unknown => present({ ...value, ...patch(value, body) });
        return show(desk, await desk.changed(budgets.update(one, after, authorOf(call))));
      },
    }),
    ...reading(desk),
    route({
      method: 'POST',
      path: '/budget/delete',
      group,
      summary: 'Deletes a budget. Who refers to it is refused until they no longer do.',
      access: 'admin',
      body: z.strictObject({ id }),
      answer: z.strictObject({ deleted_budget: z.string() }),
      run: async (call) => {
        const gone = await desk.changed(budgets.delete(call.body.id, authorOf(call)));
        return { deleted_budget: gone.id };
      },
    }),
  ];
}

function reading(desk: Desk): AdminRoute[] {
  const { budgets } = desk.records;
  return [
    route({
      method: 'POST',
      path: '/budget/info',
      group,
      summary: 'Budgets by their ids.',
      access: 'viewer',
      body: z.strictObject({ budgets: z.array(id).min(1).max(100) }),
      answer: z.array(shownBudget),
      run: async ({ body }) => {
        const found = await Promise.all(body.budgets.map((one) => budgets.need(one)));
        return Promise.all(found.map((one) => show(desk, one)));
      },
    }),
    route({
      method: 'GET',
      path: '/budget/list',
      group,
      summary: 'All shared budgets.',
      access: 'viewer',
      query: z.strictObject(listFields),
      answer: z.array(shownBudget),
      run: async ({ query: { cursor, size }, goesOn }) => {
        const { records, next } = await walk<Budget>((query) => budgets.find(query), { after: cursor, most: size });
        goesOn(next);
        return Promise.all(records.map((one) => show(desk, one)));
      },
    }),
  ];
}

const authorOf = ({ actor, author }: Call<unknown, unknown>): Author => ({ ...author, allow: () => checkAdmin(actor) });

function patch(before: Partial<Budget>, body: Fields): Record<string, unknown> {
  const { budget_alias: alias, pooled, metadata } = body;
  return {
    ...patchedTerms(before, body),
    ...(alias === undefined ? {} : { alias }),
    ...(pooled === undefined ? {} : { pooled }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

async function show(desk: Desk, record: StoredRecord<Budget>): Promise<z.input<typeof shownBudget>> {
  const { id: one, value, created, updated } = record;
  const counted = value.budgets.map((terms) => ({ scope: scopeOf('budget', one, terms), terms, budgetId: one }));
  return {
    budget_id: one,
    budget_alias: value.alias ?? null,
    ...shownTerms(value),
    pooled: value.pooled === true,
    budget_status: value.pooled === true ? await desk.standings.of(counted) : [],
    metadata: { ...value.metadata },
    created_at: new Date(created).toISOString(),
    updated_at: new Date(updated).toISOString(),
    created_by: value.createdBy ?? null,
  };
}
