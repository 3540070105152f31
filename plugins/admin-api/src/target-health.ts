/** The route about the health of targets: which are called and which are not, and why. */
import type { TargetHealth } from '@gatewright/core';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { route, type AdminRoute } from './route.ts';

const endpoint = z.strictObject({
  model: z.string().describe('provider/model of the target.'),
  model_names: z.array(z.string()).describe('The models of the gateway that it serves.'),
  provider: z.string(),
  state: z
    .enum(['closed', 'half-open', 'open', 'unknown'])
    .describe('Of its breaker; unknown where it was not called yet.'),
  since: z.string().nullable(),
  until: z.string().nullable().describe('When one that is not called will be tried again.'),
  error: z.string().nullable().describe('Why it is not called.'),
  answered: z.number().describe('Of the last calls, in the window of its breaker.'),
  failed: z.number(),
  openings: z.number().describe('How often it was taken out since the gateway started.'),
});

type Endpoint = z.input<typeof endpoint>;

export function targetHealthRoutes(desk: Desk): AdminRoute[] {
  return [
    route({
      method: 'GET',
      path: '/health/targets',
      group: 'Health',
      summary: 'Which targets are called and which are left alone for a while. Nothing is sent to find out.',
      access: 'viewer',
      answer: z.strictObject({
        guarded: z.boolean().describe('Whether a plugin provides the service "health".'),
        healthy_endpoints: z.array(endpoint),
        unhealthy_endpoints: z.array(endpoint),
        healthy_count: z.number(),
        unhealthy_count: z.number(),
      }),
      run: () => {
        const all = endpointsOf(desk);
        const unhealthy = all.filter(({ state }) => state === 'open' || state === 'half-open');
        const healthy = all.filter((one) => !unhealthy.includes(one));
        return Promise.resolve({
          guarded: desk.parts.health !== undefined,
          healthy_endpoints: healthy,
          unhealthy_endpoints: unhealthy,
          healthy_count: healthy.length,
          unhealthy_count: unhealthy.length,
        });
      },
    }),
  ];
}

/** The targets of the configuration, and those that only a pattern covers and that were called. */
function endpointsOf({ parts }: Desk): Endpoint[] {
  const { health, models } = parts;
  const names = new Map<string, string[]>();
  for (const { name, targets } of models()) {
    for (const { provider, model } of targets) {
      const id = `${provider}/${model}`;
      names.set(id, [...(names.get(id) ?? []), name]);
    }
  }
  const others = (health?.all() ?? []).filter(({ id, scope }) => scope === 'target' && !names.has(id));
  return [
    ...[...names].map(([id, serves]) => shown(id, [...new Set(serves)], health?.of(id))),
    ...others.map((one) => shown(one.id, [], health?.of(one.id) ?? one)),
  ];
}

function shown(id: string, serves: string[], health: TargetHealth | undefined): Endpoint {
  return {
    model: id,
    model_names: serves,
    provider: id.slice(0, id.indexOf('/')),
    state: health?.state ?? 'unknown',
    since: iso(health?.since),
    until: iso(health?.until),
    error: health?.reason ?? null,
    answered: health?.answered ?? 0,
    failed: health?.failed ?? 0,
    openings: health?.openings ?? 0,
  };
}

const iso = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString());
