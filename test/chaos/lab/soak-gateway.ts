/** The gateway that is soaked, with every plugin that holds something while an exchange goes on. */
import budgets from '@gatewright/budgets';
import { definePlugin, type Claim, type GatewayConfig, type Plugin, type State } from '@gatewright/core';
import health from '@gatewright/health';
import limits from '@gatewright/limits';
import prices from '@gatewright/prices';
import providerOpenai from '@gatewright/provider-openai';
import routing from '@gatewright/routing';
import stateMemory from '@gatewright/state-memory';
import { z } from 'zod';
import { startGateway, type TestGateway } from '../../e2e/gateways.ts';
import type { LabServer } from './server.ts';

export const MODELS = ['error', 'resume', 'hold'] as const;
/** Callers, gateway and providers share one event loop, which may itself be late by a part of a second. */
const TIMEOUTS = { connect: 3000, headers: 1200, firstToken: 1200, idle: 1000, total: 5000 };

/** What the test sees of the inside. */
export interface Spies {
  state?: State;
  claims: Claim[];
}

/** Fewer places than callers, a second target that is asked early, and breakers that open for a moment. */
const CROWDED: Partial<GatewayConfig> = { load: { concurrency: 30, queue: 1000, wait: '5s' } };
const CROWDED_PLUGINS = [
  { use: health as Plugin, with: { failures: 4, pause: '50ms', longest: '200ms', successes: 1 } },
  { use: routing as Plugin, with: { hedge: { after: '15ms', most: 2 } } },
];

/** @param crowded with hedges, breakers, and limits of what may go on at once. */
export function soaked(
  [first, second]: readonly [LabServer, LabServer],
  spies: Spies,
  crowded: boolean,
): Promise<TestGateway> {
  const spy = definePlugin({
    name: 'test-spy',
    version: '1.0.0',
    engine: '^1',
    id: 'spy',
    options: z.strictObject({}),
    uses: ['state'],
    setup({ use, hooks }) {
      spies.state = use('state');
      hooks.meter.settle.tap((_outcome, attempt) => {
        if (spies.claims.length === 0) spies.claims.push(...(attempt.reserved?.claims ?? []));
      });
    },
  }) as Plugin;
  const provider = (id: string, server: LabServer) => ({
    use: providerOpenai as Plugin,
    id,
    with: { apiKey: 'lab-key', baseUrl: `${server.url}/v1` },
  });
  const target = { provider: 'first', model: 'lab-model', ...(crowded && { concurrency: 20, queue: 10 }) };
  const models = MODELS.map((rescue) => [`m-${rescue}`, { rescue, targets: [target], fallbacks: ['backup'] }]);
  return startGateway({
    upstream: 'http://127.0.0.1:9',
    random: () => 0,
    config: {
      retries: 1,
      timeouts: TIMEOUTS,
      ...(crowded ? CROWDED : {}),
      models: { ...Object.fromEntries(models), backup: { targets: ['second/lab-model'] } },
      plugins: [
        provider('first', first),
        provider('second', second),
        {
          use: prices as Plugin,
          with: { overrides: ['first', 'second'].map((id) => ({ provider: id, model: '*', input: '1', output: '2' })) },
        },
        { use: stateMemory as Plugin },
        { use: limits as Plugin, with: { rules: [{ per: 'global', concurrent: 10_000, tokens: 1_000_000_000 }] } },
        { use: budgets as Plugin, with: { budgets: [{ per: 'global', limit: 1_000_000, window: 'total' }] } },
        ...(crowded ? CROWDED_PLUGINS : []),
        { use: spy },
      ],
    },
  });
}
