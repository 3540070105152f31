/** The gateway that is put under faults: one budget, held in Redis, with rows in PostgreSQL. */
import type { GatewayConfig, Plugin } from '@gatewright/core';
import budgets from '@gatewright/budgets';
import dialectOpenai from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import providerOpenai from '@gatewright/provider-openai';
import stateRedis from '@gatewright/state-redis';
import storePostgres from '@gatewright/store-postgres';
import usage from '@gatewright/usage';
import crash from './crash-points.ts';

/** What differs from one run to the next; goes to the processes as JSON. */
export interface Settings {
  readonly provider: string;
  readonly postgres: string;
  readonly redis: string;
  /** Ports of a Redis Cluster, in place of the one server. */
  readonly cluster?: readonly number[];
  readonly ledger?: 'one-slot' | 'by-tenant';
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

/** The plugins that hold the money; an auditor has only these. */
export function ledgerOf(settings: Settings): NonNullable<GatewayConfig['plugins']> {
  const { postgres, schema, redis, lease, cluster, ledger = 'one-slot' } = settings;
  const nodes = cluster?.map((port) => ({ host: '127.0.0.1', port }));
  const server = nodes === undefined ? { url: redis } : { cluster: nodes, ledger };
  return [
    { use: storePostgres as Plugin, with: { url: postgres, schema, timeout: 2000 } },
    { use: stateRedis as Plugin, with: { ...server, lease, prefix: schema, commandTimeout: 2000 } },
  ];
}

export function composition(settings: Settings): GatewayConfig {
  const { provider, journal, budget, allowance } = settings;
  const limited = (per: string): object => ({ per, limit: budget, window: 'total' });
  // Where counters are spread over slots, a request must have some in several.
  const all = settings.ledger === 'by-tenant' ? ['global', 'user'] : ['global'];
  const outage = allowance === undefined ? 'closed' : { allowance };
  return {
    retries: 0,
    models: { metered: { targets: ['openai/metered'] } },
    plugins: [
      { use: dialectOpenai as Plugin },
      { use: providerOpenai as Plugin, with: { apiKey: 'none-needed', baseUrl: provider } },
      { use: prices as Plugin, with: { overrides: [PRICE] } },
      ...ledgerOf(settings),
      { use: budgets as Plugin, with: { budgets: all.map(limited), outage } },
      { use: usage as Plugin, with: { journal, orphanInterval: 200 } },
      { use: crash as Plugin },
    ],
  };
}
