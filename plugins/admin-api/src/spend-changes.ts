/** The routes that correct what was spent: refunds, imports, resets. */
import { createHash, randomUUID } from 'node:crypto';
import { GatewayError } from '@gatewright/core';
import { z } from 'zod';
import type { Adjustments, Booked, Subjects } from './adjustments.ts';
import type { Desk } from './desk.ts';
import { dollars, exact, signedDollars, toExact, toNanos, toNumber } from './dollars.ts';
import { id } from './holder.ts';
import { KeyDesk } from './key-desk.ts';
import { route, type AdminRoute, type Call } from './route.ts';

const group = 'Spend';

const booked = z.strictObject({
  id: z.string().describe('The id of the row in /spend/logs.'),
  amount: z.number(),
  amount_exact: exact,
  duplicate: z.boolean().describe('It had been booked before; nothing was changed.'),
  scopes: z.array(z.string()).describe('The counters that it was booked to.'),
});

const adjustBody = z.strictObject({
  amount: signedDollars,
  reason: z.string().min(1).max(500),
  key: z.string().min(1).max(256).optional().describe('With a key, its user, team and organisation too.'),
  user_id: id.optional(),
  team_id: id.optional(),
  organization_id: id.optional(),
  end_user_id: id.optional(),
  tags: z.array(id).max(100).optional(),
  model: id.optional().describe('The name that was asked for: reaches budgets for that model, and with it.'),
  provider: id.optional(),
  scopes: z
    .array(z.string().min(1).max(2000))
    .max(100)
    .optional()
    .describe('More counters, by the names of their scopes: `team:red model:smart`.'),
  request_id: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('An attempt: books to all that it was billed to, in the periods in which it was.'),
});

const resetBody = z.strictObject({ reset_to: dollars.default(0) });

export function spendChanges(desk: Desk, adjustments: Adjustments): AdminRoute[] {
  const keys = new KeyDesk(desk);
  return [
    route({
      method: 'POST',
      path: '/spend/adjust',
      group,
      summary:
        'Books a correction: a refund (less than nothing) or an import. An idempotency-key header books it once.',
      access: 'admin',
      body: adjustBody,
      answer: booked,
      run: async (call) => {
        const { amount, reason, key: text, ...named } = call.body;
        const key = text === undefined ? undefined : await keys.find(text, call.actor);
        const subjects: Subjects = {
          key: key?.id,
          user: named.user_id ?? key?.value.user,
          team: named.team_id ?? key?.value.team,
          organisation: named.organization_id ?? key?.value.organisation,
          endUser: named.end_user_id,
          tags: named.tags ?? key?.value.tags,
          model: named.model,
          provider: named.provider,
          scopes: named.scopes,
          request: named.request_id,
        };
        if (Object.values(subjects).every((one) => one === undefined)) {
          throw new GatewayError(
            'GW_BAD_REQUEST',
            'key: name a key, user, team, organisation, customer, tag, model, provider, scope or request_id.',
            {
              param: 'key',
            },
          );
        }
        const about = { ...call.author, ...subjects, id: idOf(call), amount, reason };
        return shown(await adjustments.add(about));
      },
    }),
    ...resets(desk, adjustments, keys),
  ];
}

function resets(desk: Desk, adjustments: Adjustments, keys: KeyDesk): AdminRoute[] {
  return [
    route({
      method: 'POST',
      path: '/key/:key/reset_spend',
      group,
      summary: 'Sets what a key has spent in the current windows of its own budgets.',
      access: 'admin',
      body: resetBody,
      answer: booked,
      run: async (call) => {
        const found = await keys.find(call.params['key'] ?? '', call.actor);
        return reset(desk, adjustments, call, { key: found.id }, found.value, 'key');
      },
    }),
    route({
      method: 'POST',
      path: '/team/:team/reset_spend',
      group,
      summary: 'Sets what a team has spent in the current windows of its own budgets.',
      access: 'admin',
      body: resetBody,
      answer: booked,
      run: async (call) => {
        const found = await desk.records.teams.need(call.params['team'] ?? '');
        return reset(desk, adjustments, call, { team: found.id }, found.value, 'team');
      },
    }),
  ];
}

async function reset(
  desk: Desk,
  adjustments: Adjustments,
  call: Call<unknown, z.output<typeof resetBody>>,
  subjects: { readonly key?: string; readonly team?: string },
  value: Parameters<Desk['counted']>[2],
  holder: 'key' | 'team',
): Promise<z.input<typeof booked>> {
  const own = (await desk.counted(holder, subjects.key ?? subjects.team ?? '', value)).filter(
    ({ scope }) => !scope.startsWith('budget:'),
  );
  const about = { ...call.author, ...subjects, id: idOf(call), reason: 'reset_spend' };
  const ever = (): Promise<bigint> => desk.spent(holder, subjects.key ?? subjects.team ?? '');
  return shown(await adjustments.reset(own, toNanos(call.body.reset_to), about, ever));
}

/** What the caller chose for it is not shown as it is: two callers may choose the same for different things. */
function idOf({ idempotencyKey, actor }: Call<unknown, unknown>): string {
  if (idempotencyKey === undefined) return randomUUID();
  return createHash('sha256').update(`${actor.id}\n${idempotencyKey}`).digest('hex').slice(0, 32);
}

function shown({ id: row, amount, duplicate, postings }: Booked): z.input<typeof booked> {
  return {
    id: row,
    amount: toNumber(amount),
    amount_exact: toExact(amount),
    duplicate,
    scopes: postings.map(({ scope }) => scope),
  };
}
