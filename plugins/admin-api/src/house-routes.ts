/** The routes about the gateway itself: whether it lives, which models it has, who changed what. */
import { seesAll } from '@gatewright/auth-keys/records';
import { isGatewayError, type NormalModel, type Target } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { alsoAt, route, type AdminRoute } from './route.ts';

const alive = z.strictObject({ status: z.string() });

export function healthRoutes(desk: Desk): AdminRoute[] {
  const group = 'Health';
  const liveliness = route({
    method: 'GET',
    path: '/health/liveliness',
    group,
    summary: 'Whether the process answers.',
    access: 'open',
    answer: alive,
    run: () => Promise.resolve({ status: 'ok' }),
  });
  return [
    ...alsoAt(liveliness, '/health/liveness', '/health'),
    route({
      method: 'GET',
      path: '/health/readiness',
      group,
      summary: 'Whether keys and budgets can be asked: 503 where the store is out of reach.',
      access: 'open',
      answer: z.strictObject({ status: z.string(), store: z.string(), state: z.string() }),
      run: async () => {
        // The epoch is the smallest thing that the store can be asked for; where it cannot, this rejects with 503.
        await desk.parts.store.epoch();
        return { status: 'ok', store: 'ok', state: await stateHealth(desk) };
      },
    }),
  ];
}

async function stateHealth({ parts }: Desk): Promise<string> {
  if (parts.state === undefined) return 'none';
  try {
    await parts.state.balances([{ scope: 'health', unit: 'nanos', window: { kind: 'total', name: 'total' } }]);
    return 'ok';
  } catch (error) {
    if (isGatewayError(error) && error.code === 'GW_STATE_UNAVAILABLE') return 'unavailable';
    throw error;
  }
}

const shownModel = z.strictObject({
  model_name: z.string(),
  litellm_params: z.strictObject({ model: z.string().describe('provider/model of the target.') }),
  model_info: z.strictObject({
    id: z.string(),
    provider: z.string(),
    aliases: z.array(z.string()),
    fallbacks: z.array(z.string()),
    weight: z.number(),
    display_name: z.string().nullable(),
    max_input_tokens: z.number().nullable(),
    max_output_tokens: z.number().nullable(),
    priced: z.boolean(),
    price: z.record(z.string(), z.unknown()).nullable().describe('As the catalogue has it.'),
  }),
});

export function modelRoutes(desk: Desk): AdminRoute[] {
  const info = route({
    method: 'GET',
    path: '/model/info',
    group: 'Models',
    summary: 'Every target of every model, with what is known of it. Keys, addresses and headers are not in it.',
    access: 'viewer',
    query: z.strictObject({ model_name: z.string().max(256).optional() }),
    answer: z.strictObject({ data: z.array(shownModel) }),
    run: ({ query }) => {
      const models = desk.parts
        .models()
        .filter(({ name }) => query.model_name === undefined || name === query.model_name);
      return Promise.resolve({ data: models.flatMap((model) => targetsOf(desk, model)) });
    },
  });
  return alsoAt(info, '/v1/model/info');
}

function targetsOf(desk: Desk, model: NormalModel): z.input<typeof shownModel>[] {
  const { prices } = desk.parts;
  return model.targets.map(({ position: _position, ...settings }) => {
    const name = `${settings.provider}/${settings.model}`;
    const target: Target = { ...settings, id: name, of: model.name };
    const facts = prices?.describe?.(target, desk.now());
    return {
      model_name: model.name,
      litellm_params: { model: name },
      model_info: {
        id: `${model.name}:${name}`,
        provider: settings.provider,
        aliases: [...model.aliases],
        fallbacks: [...model.fallbacks],
        weight: settings.weight,
        display_name: model.info?.name ?? facts?.displayName ?? null,
        max_input_tokens: model.info?.contextWindow ?? facts?.contextWindow ?? null,
        max_output_tokens: model.info?.maxOutput ?? null,
        priced: prices?.priced(target, desk.now()) === true,
        price: facts?.price === undefined ? null : { ...facts.price },
      },
    };
  });
}

export function auditRoutes(desk: Desk): AdminRoute[] {
  const entry = z.strictObject({
    time: z.string(),
    actor: z.string(),
    action: z.string(),
    kind: z.string(),
    id: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  });
  return [
    route({
      method: 'GET',
      path: '/audit',
      group: 'Audit',
      summary: 'Who changed what, newest first.',
      access: 'viewer',
      query: z.strictObject({
        kind: z.string().max(64).optional(),
        id: z.string().max(256).optional(),
        before: z.coerce.number().int().min(0).optional().describe('Only what was earlier, in Unix milliseconds.'),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
      answer: z.array(entry),
      run: async ({ actor, query }) => {
        if (!seesAll(actor)) return [];
        const { kind, id, before, limit } = query;
        const given = Object.entries({ kind, id, before, limit }).filter(([, value]) => value !== undefined);
        const entries = await desk.parts.store.audit(Object.fromEntries(given));
        return entries.map(({ time, before: was = null, after = null, ...rest }) =>
          Object.assign({ time: new Date(time).toISOString() }, rest, { before: was, after }),
        );
      },
    }),
  ];
}
