/** The gateway that is put under faults: one budget, held in Redis, with rows in PostgreSQL. */
import { definePlugin, type Exchange, type GatewayConfig, type Plugin } from '@gatewright/core';
import budgets from '@gatewright/budgets';
import dialectOpenai from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import providerOpenai from '@gatewright/provider-openai';
import stateRedis from '@gatewright/state-redis';
import storePostgres from '@gatewright/store-postgres';
import usage from '@gatewright/usage';
import { z } from 'zod';

/** What differs from one run to the next; goes to the processes as JSON. */
export interface Settings {
  readonly provider: string;
  readonly postgres: string;
  readonly redis: string;
  readonly schema: string;
  readonly journal: string;
  /** Milliseconds. */
  readonly lease: number;
  /** Dollars. */
  readonly budget: string;
  /** Dollars that one process lets through in an outage of Redis; absent: none. */
  readonly allowance?: string;
}

/** Dollars for a million tokens: 10,000 and 100,000 nano-dollars for one. */
const PRICE = { model: 'metered', input: '10', output: '100' };
export const NANOS = { input: 10_000n, output: 100_000n } as const;

/** Where a process can be told to die, by the request's header `x-crash-at`. */
export const CRASH_POINTS = ['reserving', 'answered', 'settling', 'journaled', 'recorded'] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

function dieAt(point: CrashPoint, exchange: Exchange): void {
  if (exchange.headers['x-crash-at'] === point) process.kill(process.pid, 'SIGKILL');
}

const crash = definePlugin({
  name: 'chaos-crash',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    const doomed = new Set<string>();
    hooks.auth.tap((exchange) => {
      if (exchange.headers['x-crash-at'] === 'recorded') doomed.add(exchange.id);
      return { key: 'client' };
    });
    hooks.meter.reserve.tap(
      (_attempt, exchange) => {
        dieAt('reserving', exchange);
        return undefined;
      },
      { stage: 'late' },
    );
    hooks.transform.response.tap('chat', (response, exchange) => {
      dieAt('answered', exchange);
      return response;
    });
    hooks.meter.settle.tap((_outcome, _attempt, exchange) => dieAt('settling', exchange), { stage: 'early' });
    hooks.meter.settle.tap((_outcome, _attempt, exchange) => dieAt('journaled', exchange), { stage: 'late' });
    hooks.log.tap(({ id }) => {
      if (doomed.has(id)) process.kill(process.pid, 'SIGKILL');
    });
  },
}) as Plugin;

/** The plugins that hold the money; an auditor has only these. */
export function ledgerOf({ postgres, schema, redis, lease }: Settings): NonNullable<GatewayConfig['plugins']> {
  return [
    { use: storePostgres as Plugin, with: { url: postgres, schema, timeout: 2000 } },
    { use: stateRedis as Plugin, with: { url: redis, lease, prefix: schema, commandTimeout: 2000 } },
  ];
}

export function composition(settings: Settings): GatewayConfig {
  const { provider, journal, budget, allowance } = settings;
  const outage = allowance === undefined ? 'closed' : { allowance };
  return {
    retries: 0,
    models: { metered: { targets: ['openai/metered'] } },
    plugins: [
      { use: dialectOpenai as Plugin },
      { use: providerOpenai as Plugin, with: { apiKey: 'none-needed', baseUrl: provider } },
      { use: prices as Plugin, with: { overrides: [PRICE] } },
      ...ledgerOf(settings),
      { use: budgets as Plugin, with: { budgets: [{ per: 'global', limit: budget, window: 'total' }], outage } },
      { use: usage as Plugin, with: { journal, orphanInterval: 200 } },
      { use: crash },
    ],
  };
}
