/** Starts gateways with virtual keys on a store that the test holds, in front of a simulated model. */
import {
  createGateway,
  definePlugin,
  silentLogger,
  systemClock,
  type Clock,
  type ExchangeRecord,
  type Gateway,
  type Logger,
  type Plugin,
  type Store,
} from '@gatewright/core';
import budgets from '@gatewright/budgets';
import dialect from '@gatewright/dialect-openai';
import limits from '@gatewright/limits';
import prices from '@gatewright/prices';
import provider from '@gatewright/provider-simulated';
import state from '@gatewright/state-memory';
import { z } from 'zod';
import plugin from './index.ts';
import type { KeyService } from './service.ts';

export const ADMIN_KEY = 'sk-admin-0123456789abcdef';

export interface Rig {
  readonly gateway: Gateway;
  readonly keys: KeyService;
  /** What the gateway reported of finished exchanges. */
  readonly records: ExchangeRecord[];
  ask(key: string | undefined, over?: Asked): Promise<Answer>;
}

export interface Asked {
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

export interface RigOptions {
  readonly with?: z.input<typeof plugin.options>;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export async function startGateway(store: Store, options: RigOptions = {}): Promise<Rig> {
  const records: ExchangeRecord[] = [];
  let keys: KeyService | undefined;
  const holder = definePlugin({
    name: 'test-store',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    provides: ['store'],
    setup({ provide, hooks }) {
      provide('store', store);
      hooks.log.tap((record) => void records.push(record));
    },
  });
  const user = definePlugin({
    name: 'test-user',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    uses: ['keys'],
    setup({ use }) {
      keys = use('keys');
    },
  });
  const plugins = [
    { use: dialect as Plugin },
    { use: provider as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    { use: prices as Plugin, with: { overrides: [{ model: 'priced', input: '1', output: '2' }], unpriced: 'ignore' } },
    { use: state as Plugin },
    { use: holder },
    { use: plugin as Plugin, with: { adminKey: ADMIN_KEY, ...options.with } },
    { use: user },
    { use: limits as Plugin },
    { use: budgets as Plugin, with: { unpriced: 'allow' } },
  ];
  const models = {
    smart: { targets: ['simulated/a'] },
    'test-1': { targets: ['simulated/b'] },
    dear: { targets: ['simulated/priced'] },
  };
  const { clock = systemClock, logger = silentLogger } = options;
  const gateway = await createGateway({ retries: 0, plugins, models }, { logger, clock });
  return { gateway, keys: keys as KeyService, records, ask: (key, over) => ask(gateway, key, over) };
}

async function ask(gateway: Gateway, key: string | undefined, { headers, body }: Asked = {}): Promise<Answer> {
  const { statusCode, payload } = await gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    payload: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hi' }], max_tokens: 10, ...body }),
  });
  const { error } = JSON.parse(payload) as { error?: { code: string } };
  return { status: statusCode, code: error?.code, text: payload };
}
