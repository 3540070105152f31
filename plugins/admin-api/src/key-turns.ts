/** The routes of keys that end or renew something: blocked, rotated, deleted. */
import { checkKey, type Key } from '@gatewright/auth-keys/records';
import { GatewayError, type StoredRecord } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { id } from './holder.ts';
import { KeyDesk } from './key-desk.ts';
import { length, madeKey, shownKey } from './key-fields.ts';
import { route, type AdminRoute, type Call } from './route.ts';

const group = 'Keys';
const named = z.string().min(1).max(256).describe('The key: its id, the key itself, its SHA-256, or its alias.');

const rotation = {
  grace_period: z
    .string()
    .regex(/^([1-9]\d{0,5}(s|m|h|d|w)|0s?)$/, 'must be a length of time like 24h')
    .nullish()
    .describe('How long the old key is still taken. Default: not at all.'),
  new_key: z.string().max(256).nullish().describe('A secret of your own choice; only admins may choose one.'),
};

export function keyTurns(desk: Desk): AdminRoute[] {
  const keys = new KeyDesk(desk);
  const answer = madeKey;
  const summary = 'Gives a key another secret, which is in this answer and never again.';
  return [
    blockRoute(desk, keys, true),
    blockRoute(desk, keys, false),
    route({
      method: 'POST',
      path: '/key/regenerate',
      group,
      summary,
      access: 'known',
      body: z.strictObject({ key: named, ...rotation }),
      answer,
      run: (call) => rotate(desk, keys, call, call.body.key),
    }),
    route({
      method: 'POST',
      path: '/key/:key/regenerate',
      group,
      summary,
      access: 'known',
      body: z.strictObject(rotation),
      answer,
      run: (call) => rotate(desk, keys, call, call.params['key'] ?? ''),
    }),
    route({
      method: 'POST',
      path: '/key/delete',
      group,
      summary: 'Deletes keys: all that are named, or none where one is not there.',
      access: 'known',
      body: z.strictObject({
        keys: z.array(named).min(1).max(100).optional(),
        key_aliases: z.array(id).max(100).optional(),
      }),
      answer: z.strictObject({ deleted_keys: z.array(z.string()) }),
      run: async (call) => {
        const found = await namedKeys(keys, call);
        for (const record of found) {
          const author = await keys.author(call, record.value);
          author.allow?.({ id: record.id, before: record.value });
        }
        for (const record of found) {
          await desk.changed(desk.records.keys.delete(record.id, await keys.author(call, record.value)));
        }
        return { deleted_keys: found.map((one) => one.id) };
      },
    }),
  ];
}

function blockRoute(desk: Desk, keys: KeyDesk, blocked: boolean): AdminRoute {
  return route({
    method: 'POST',
    path: blocked ? '/key/block' : '/key/unblock',
    group,
    summary: blocked ? 'From now on the key is refused.' : 'The key is taken again.',
    access: 'known',
    body: z.strictObject({ key: named }),
    answer: shownKey,
    run: async (call) => {
      const found = await keys.find(call.body.key, call.actor);
      const author = await keys.author(call, found.value);
      return keys.show(await desk.changed(desk.records.keys.block(found.id, blocked, author)));
    },
  });
}

type RotationBody = { readonly grace_period?: string | null | undefined; readonly new_key?: string | null | undefined };

async function rotate(
  desk: Desk,
  keys: KeyDesk,
  call: Call<unknown, RotationBody>,
  text: string,
): Promise<z.input<typeof madeKey>> {
  const { actor, body } = call;
  if ((body.new_key ?? undefined) !== undefined && actor.role !== 'admin') {
    throw new GatewayError('GW_FORBIDDEN', 'Only an admin may choose the "new_key".', { param: 'new_key' });
  }
  const found = await keys.find(text, actor);
  const owners = await keys.owners(found.value);
  checkKey(
    actor,
    { id: found.id, before: found.value, after: { ...found.value, rotations: found.value.rotations + 1 } },
    owners,
  );
  const grace = graceOf(body.grace_period ?? undefined);
  const source = typeof body.new_key === 'string' ? { secret: body.new_key } : {};
  const author = await keys.author(call, found.value);
  const made = await desk.changed(desk.records.keys.rotate(found.id, author, grace, source));
  return { ...(await keys.show(made.record)), key: made.secret ?? null, token_id: made.record.id };
}

/** Milliseconds. */
const graceOf = (text: string | undefined): number => (text === undefined || /^0s?$/.test(text) ? 0 : length(text));

/** All of them are there and may be seen, or `GW_NOT_FOUND`. */
async function namedKeys(
  keys: KeyDesk,
  { actor, body }: Call<unknown, { keys?: string[] | undefined; key_aliases?: string[] | undefined }>,
): Promise<StoredRecord<Key>[]> {
  const { keys: texts = [], key_aliases: aliases = [] } = body;
  if (texts.length + aliases.length === 0) {
    throw new GatewayError('GW_BAD_REQUEST', 'keys: must name at least one key.', { param: 'keys' });
  }
  const found = [
    ...(await Promise.all(texts.map((text) => keys.find(text, actor)))),
    ...(await Promise.all(aliases.map((alias) => keys.findAlias(alias, actor)))),
  ];
  return [...new Map(found.map((one) => [one.id, one])).values()];
}
