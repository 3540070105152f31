/** The routes of customers: the clients' own users. */
import { checkAdmin, type Author, type Customer } from '@gatewright/auth-keys/records';
import type { StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { holderFields, id, ids, patchedHolder, present, shownHolder, shownHolderFields } from './holder.ts';
import { route, type AdminRoute, type Call } from './route.ts';
import { listFields } from './page.ts';
import { walk } from './walk.ts';

const group = 'Customers';

const fields = {
  ...holderFields,
  alias: id.nullish(),
  default_model: id.nullish(),
  allowed_model_region: id.nullish(),
};
type Fields = z.output<z.ZodObject<typeof fields>>;

const shownCustomer = z.strictObject({
  user_id: z.string(),
  alias: z.string().nullable(),
  ...shownHolderFields,
  default_model: z.string().nullable(),
  allowed_model_region: z.string().nullable(),
});
type Shown = z.input<typeof shownCustomer>;

export function customerRoutes(desk: Desk): AdminRoute[] {
  const { customers } = desk.records;
  const all = [
    route({
      method: 'POST',
      path: '/customer/new',
      group,
      summary: 'Makes a customer.',
      access: 'admin',
      body: z.strictObject({ ...fields, user_id: id }),
      answer: shownCustomer,
      run: async (call) => {
        const { user_id: one, ...body } = call.body;
        const value = { createdBy: call.actor.id, ...present(patch({}, body)) };
        return show(desk, await desk.changed(customers.create(one, value, authorOf(call))));
      },
    }),
    route({
      method: 'POST',
      path: '/customer/update',
      group,
      summary: 'Changes a customer: what is absent stays, null takes a field away.',
      access: 'admin',
      body: z.strictObject({ ...fields, user_id: id }),
      answer: shownCustomer,
      run: async (call) => {
        const { user_id: one, ...body } = call.body;
        const after = (value: Customer): unknown => present({ ...value, ...patch(value, body) });
        return show(desk, await desk.changed(customers.update(one, after, authorOf(call))));
      },
    }),
    ...reading(desk),
    blockRoute(desk, true),
    blockRoute(desk, false),
    route({
      method: 'POST',
      path: '/customer/delete',
      group,
      summary: 'Deletes customers.',
      access: 'admin',
      body: z.strictObject({ user_ids: ids }),
      answer: z.strictObject({ deleted_customers: z.array(z.string()) }),
      run: async (call) => {
        const found = await Promise.all(call.body.user_ids.map((one) => customers.need(one)));
        for (const one of found) await desk.changed(customers.delete(one.id, authorOf(call)));
        return { deleted_customers: found.map((one) => one.id) };
      },
    }),
  ];
  return all.flatMap((one) => [one, { ...one, path: one.path.replace('/customer/', '/end_user/') }]);
}

function reading(desk: Desk): AdminRoute[] {
  const { customers } = desk.records;
  return [
    route({
      method: 'GET',
      path: '/customer/info',
      group,
      summary: 'A customer, and what was spent for them.',
      access: 'viewer',
      query: z.strictObject({ end_user_id: id }),
      answer: shownCustomer,
      run: async ({ query }) => show(desk, await customers.need(query.end_user_id)),
    }),
    route({
      method: 'GET',
      path: '/customer/list',
      group,
      summary: 'All customers.',
      access: 'viewer',
      query: z.strictObject(listFields),
      answer: z.array(shownCustomer),
      run: async ({ query: { cursor, size }, goesOn }) => {
        const { records, next } = await walk<Customer>((query) => customers.find(query), { after: cursor, most: size });
        goesOn(next);
        return Promise.all(records.map((one) => show(desk, one)));
      },
    }),
  ];
}

function blockRoute(desk: Desk, blocked: boolean): AdminRoute {
  return route({
    method: 'POST',
    path: blocked ? '/customer/block' : '/customer/unblock',
    group,
    summary: blocked ? 'From now on requests for these customers are refused.' : 'Requests for them are taken again.',
    access: 'admin',
    body: z.strictObject({ user_ids: ids }),
    answer: z.array(shownCustomer),
    run: async (call) => {
      const { customers } = desk.records;
      const shown: Shown[] = [];
      for (const one of call.body.user_ids) {
        const isNew = blocked && (await customers.get(one)) === undefined;
        // Whoever is to be blocked need not have been seen before.
        if (isNew) await customers.create(one, { createdBy: call.actor.id }, authorOf(call));
        shown.push(await show(desk, await desk.changed(customers.block(one, blocked, authorOf(call)))));
      }
      return shown;
    },
  });
}

const authorOf = ({ actor, author }: Call<unknown, unknown>): Author => ({ ...author, allow: () => checkAdmin(actor) });

function patch(before: Partial<Customer>, body: Fields): Record<string, unknown> {
  const { alias, default_model: defaultModel, allowed_model_region: allowedRegion } = body;
  return {
    ...patchedHolder(before, body),
    ...(alias === undefined ? {} : { alias }),
    ...(defaultModel === undefined ? {} : { defaultModel }),
    ...(allowedRegion === undefined ? {} : { allowedRegion }),
  };
}

async function show(desk: Desk, record: StoredRecord<Customer>): Promise<Shown> {
  const { id: one, value } = record;
  const [standings, spent] = await Promise.all([desk.standing('endUser', one, value), desk.spent('endUser', one)]);
  return {
    user_id: one,
    alias: value.alias ?? null,
    ...shownHolder(record, standings, spent),
    default_model: value.defaultModel ?? null,
    allowed_model_region: value.allowedRegion ?? null,
  };
}
