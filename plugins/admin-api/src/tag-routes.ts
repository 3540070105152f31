/** The routes of tags and of access groups. */
import { checkAdmin, type AccessGroup, type Author, type Tag } from '@gatewright/auth-keys/records';
import type { StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { holderFields, id, patchedHolder, present, shownHolder, shownHolderFields } from './holder.ts';
import { route, type AdminRoute, type Call } from './route.ts';
import { listFields } from './page.ts';
import { walk } from './walk.ts';

const fields = { ...holderFields, description: z.string().max(2000).nullish() };
type Fields = z.output<z.ZodObject<typeof fields>>;
const shownTag = z.strictObject({ name: z.string(), description: z.string().nullable(), ...shownHolderFields });

const group = 'Tags';

const authorOf = ({ actor, author }: Call<unknown, unknown>): Author => ({ ...author, allow: () => checkAdmin(actor) });

export function tagRoutes(desk: Desk): AdminRoute[] {
  const { tags } = desk.records;
  const body = z.strictObject({ ...fields, name: id });
  return [
    route({
      method: 'POST',
      path: '/tag/new',
      group,
      summary: 'Makes a tag with a budget or limits.',
      access: 'admin',
      body,
      answer: shownTag,
      run: async (call) => {
        const { name, ...given } = call.body;
        const value = { createdBy: call.actor.id, ...present(patch({}, given)) };
        return show(desk, await desk.changed(tags.create(name, value, authorOf(call))));
      },
    }),
    route({
      method: 'POST',
      path: '/tag/update',
      group,
      summary: 'Changes a tag: what is absent stays, null takes a field away.',
      access: 'admin',
      body,
      answer: shownTag,
      run: async (call) => {
        const { name, ...given } = call.body;
        const after = (value: Tag): unknown => present({ ...value, ...patch(value, given) });
        return show(desk, await desk.changed(tags.update(name, after, authorOf(call))));
      },
    }),
    ...furtherTagRoutes(desk),
  ];
}

function furtherTagRoutes(desk: Desk): AdminRoute[] {
  const { tags } = desk.records;
  return [
    route({
      method: 'POST',
      path: '/tag/info',
      group,
      summary: 'Tags by their names.',
      access: 'viewer',
      body: z.strictObject({ names: z.array(id).min(1).max(100) }),
      answer: z.record(z.string(), shownTag),
      run: async (call) => {
        const found = await Promise.all(call.body.names.map((name) => tags.need(name)));
        const shown = await Promise.all(found.map((one) => show(desk, one)));
        return Object.fromEntries(shown.map((one) => [one.name, one]));
      },
    }),
    route({
      method: 'GET',
      path: '/tag/list',
      group,
      summary: 'All tags that have a record.',
      access: 'viewer',
      query: z.strictObject(listFields),
      answer: z.array(shownTag),
      run: async ({ query: { cursor, size }, goesOn }) => {
        const { records, next } = await walk<Tag>((query) => tags.find(query), { after: cursor, most: size });
        goesOn(next);
        return Promise.all(records.map((one) => show(desk, one)));
      },
    }),
    route({
      method: 'POST',
      path: '/tag/delete',
      group,
      summary: 'Deletes the record of a tag.',
      access: 'admin',
      body: z.strictObject({ name: id }),
      answer: z.strictObject({ deleted_tag: z.string() }),
      run: async (call) => ({ deleted_tag: (await desk.changed(tags.delete(call.body.name, authorOf(call)))).id }),
    }),
  ];
}

function patch(before: Partial<Tag>, body: Fields): Record<string, unknown> {
  const { description } = body;
  return { ...patchedHolder(before, body), ...(description === undefined ? {} : { description }) };
}

async function show(desk: Desk, record: StoredRecord<Tag>): Promise<z.input<typeof shownTag>> {
  const { id: name, value } = record;
  const [standings, spent] = await Promise.all([desk.standing('tag', name, value), desk.spent('tag', name)]);
  return { name, description: value.description ?? null, ...shownHolder(record, standings, spent) };
}

const groupShape = z.strictObject({
  access_group: z.string(),
  model_names: z.array(z.string()),
  description: z.string().nullable(),
});

export function accessGroupRoutes(desk: Desk): AdminRoute[] {
  const { accessGroups } = desk.records;
  const group = 'Access groups';
  const models = z.array(id).max(1000);
  const description = z.string().max(2000).nullish();
  return [
    route({
      method: 'POST',
      path: '/access_group/new',
      group,
      summary: 'Makes a name for several models.',
      access: 'admin',
      body: z.strictObject({ access_group: id, model_names: models, description }),
      answer: groupShape,
      run: async (call) => {
        const { access_group: name, model_names: named, description: text } = call.body;
        const value = present({ models: named, description: text, createdBy: call.actor.id });
        return shownGroup(await desk.changed(accessGroups.create(name, value, authorOf(call))));
      },
    }),
    route({
      method: 'POST',
      path: '/access_group/update',
      group,
      summary: 'Changes which models a name stands for.',
      access: 'admin',
      body: z.strictObject({ access_group: id, model_names: models.optional(), description }),
      answer: groupShape,
      run: async (call) => {
        const { access_group: name, model_names: named, description: text } = call.body;
        const change = { models: named, description: text };
        return shownGroup(await desk.changed(accessGroups.update(name, change, authorOf(call))));
      },
    }),
    ...furtherGroupRoutes(desk),
  ];
}

function furtherGroupRoutes(desk: Desk): AdminRoute[] {
  const { accessGroups } = desk.records;
  const group = 'Access groups';
  return [
    route({
      method: 'GET',
      path: '/access_group/list',
      group,
      summary: 'All access groups.',
      access: 'viewer',
      query: z.strictObject(listFields),
      answer: z.array(groupShape),
      run: async ({ query: { cursor, size }, goesOn }) => {
        const { records, next } = await walk<AccessGroup>((query) => accessGroups.find(query), {
          after: cursor,
          most: size,
        });
        goesOn(next);
        return records.map(shownGroup);
      },
    }),
    route({
      method: 'POST',
      path: '/access_group/delete',
      group,
      summary: 'Deletes an access group: keys that have it may use its models no more.',
      access: 'admin',
      body: z.strictObject({ access_group: id }),
      answer: z.strictObject({ deleted_access_group: z.string() }),
      run: async (call) => {
        const gone = await desk.changed(accessGroups.delete(call.body.access_group, authorOf(call)));
        return { deleted_access_group: gone.id };
      },
    }),
  ];
}

function shownGroup({ id: name, value }: StoredRecord<AccessGroup>): z.input<typeof groupShape> {
  return { access_group: name, model_names: [...value.models], description: value.description ?? null };
}
