/** The routes of keys: made, changed, looked at. */
import { checkKey, checkWrites, type Key, type NewKey } from '@gatewright/auth-keys/records';
import { GatewayError } from '@gatewright/core';
import { z } from 'zod';
import type { Adjustments } from './adjustments.ts';
import type { Desk } from './desk.ts';
import { notFound } from './failure.ts';
import { id, present } from './holder.ts';
import { KeyDesk } from './key-desk.ts';
import { keyPatch, keyPatchBody, madeKey, newKeyBody, shownKey } from './key-fields.ts';
import { pageFields, pageInfo, pageOf } from './page.ts';
import { route, type AdminRoute, type Call } from './route.ts';

type NewKeyBody = z.output<typeof newKeyBody>;
type Made = z.input<typeof madeKey>;

const group = 'Keys';
const named = z.string().min(1).max(256).describe('The key: its id, the key itself, its SHA-256, or its alias.');

/** What only admins may say of a new key: it would let others bring keys whose secrets they know of elsewhere. */
const FOR_ADMINS = ['key', 'token', 'key_name', 'spend'] as const;

export function keyRoutes(desk: Desk, adjustments: Adjustments): AdminRoute[] {
  const keys = new KeyDesk(desk);
  return [
    route({
      method: 'POST',
      path: '/key/generate',
      group,
      summary: 'Makes a key. The secret is in this answer and never again.',
      access: 'known',
      body: newKeyBody,
      answer: madeKey,
      run: (call) => makeKey(desk, keys, adjustments, call),
    }),
    route({
      method: 'POST',
      path: '/key/update',
      group,
      summary: 'Changes a key: what is absent stays, null takes a field away.',
      access: 'known',
      body: keyPatchBody,
      answer: shownKey.extend({ key: z.string() }),
      run: (call) => updateKey(desk, keys, call),
    }),
    route({
      method: 'GET',
      path: '/key/info',
      group,
      summary: 'A key, and what it has spent. Without a name: the key that asks.',
      access: 'known',
      query: z.strictObject({ key: named.optional() }),
      answer: z.strictObject({ key: z.string(), info: shownKey }),
      run: async ({ actor, query }) => {
        const text = query.key ?? actor.key;
        if (text === undefined) throw notFound('key', '');
        const record = await keys.find(text, actor);
        return { key: record.id, info: await keys.show(record) };
      },
    }),
    listRoute(keys),
  ];
}

async function makeKey(
  desk: Desk,
  keys: KeyDesk,
  adjustments: Adjustments,
  call: Call<unknown, NewKeyBody>,
): Promise<Made> {
  const { actor, body } = call;
  checkWrites(actor);
  const forAdmins = FOR_ADMINS.find((field) => body[field] !== undefined);
  if (actor.role !== 'admin' && forAdmins !== undefined) {
    throw new GatewayError('GW_FORBIDDEN', `Only an admin may choose the "${forAdmins}" of a key.`);
  }
  const { key: secret, token, key_name: shown, spend, ...fields } = body;
  const own = actor.role === 'admin' || fields.user_id !== undefined ? {} : { user_id: actor.user };
  const input = present(keyPatch({}, { ...fields, ...own }, desk.now())) as NewKey;
  const author = await keys.author(call, input);
  // Before anything is looked up: nobody learns here which teams and users there are.
  author.allow?.({ id: '', after: { ...input, hash: '', shown: '', rotations: 0 } });
  const source = {
    ...(secret === undefined ? {} : { secret }),
    ...(token === undefined ? {} : { hash: token, ...(shown === undefined ? {} : { shown }) }),
  };
  const made = await desk.changed(desk.records.keys.create(input, author, source));
  if (spend !== undefined && spend > 0) {
    await adjustments.add({
      ...call.author,
      id: `import:${made.record.id}`,
      amount: spend,
      reason: 'imported spend',
      key: made.record.id,
    });
  }
  const info = await keys.show(made.record);
  return { ...info, key: made.secret ?? null, token_id: made.record.id };
}

async function updateKey(
  desk: Desk,
  keys: KeyDesk,
  call: Call<unknown, z.output<typeof keyPatchBody>>,
): Promise<z.input<typeof shownKey> & { key: string }> {
  const { actor, body } = call;
  const { key, ...fields } = body;
  if (key === undefined && (fields.key_alias ?? undefined) === undefined) {
    throw new GatewayError('GW_BAD_REQUEST', 'key: names the key to change; without it, key_alias does.', {
      param: 'key',
    });
  }
  const record = await desk.retried(async () => {
    const found =
      key === undefined ? await keys.findAlias(fields.key_alias as string, actor) : await keys.find(key, actor);
    const patch = keyPatch(found.value, fields, desk.now());
    const author = await keys.author(call, found.value);
    checkKey(
      actor,
      { id: found.id, before: found.value, after: merged(found.value, patch) },
      await keys.owners(found.value),
    );
    return desk.changed(desk.records.keys.update(found.id, patch, { ...author, expect: found.version }));
  });
  return { key: record.id, ...(await keys.show(record)) };
}

function merged(key: Key, patch: Record<string, unknown>): Key {
  return present({ ...key, ...patch }) as Key;
}

function listRoute(keys: KeyDesk): AdminRoute {
  return route({
    method: 'GET',
    path: '/key/list',
    group,
    summary: 'The keys that you may see, page by page.',
    access: 'known',
    query: z.strictObject({
      ...pageFields,
      user_id: id.optional(),
      team_id: id.optional(),
      organization_id: id.optional(),
      key_alias: id.optional(),
      key_hash: id.optional().describe('The SHA-256 of a key.'),
      return_full_object: z.stringbool().default(false).describe('Whole keys instead of their ids.'),
    }),
    answer: z.strictObject({ keys: z.array(z.union([z.string(), shownKey])), ...pageInfo }),
    run: async ({ actor, query }) => {
      const { user_id: user, team_id: team, organization_id: organisation, key_alias: alias, key_hash: hash } = query;
      const where = present({ user, team, organisation, alias, hash }) as Record<string, string>;
      const { cursor: after, size } = query;
      const walked = await keys.list(actor, where, after === undefined ? {} : { after, most: size });
      const { shown, info } = pageOf(walked, query);
      const full = query.return_full_object;
      return {
        keys: full ? await Promise.all(shown.map((one) => keys.show(one))) : shown.map((one) => one.id),
        ...info,
      };
    },
  });
}
