/** The configurations of gateways that count money: virtual keys, limits, budgets and usage rows. */
import { mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { definePlugin, type GatewayConfig, type Plugin } from '@gatewright/core';
import authKeys from '@gatewright/auth-keys';
import { z } from 'zod';
import { VIRTUAL_KEY } from './payload.ts';

type Plugins = NonNullable<GatewayConfig['plugins']>;

/** Makes the key of the load, with a team and a user. */
const keyMaker = definePlugin({
  name: 'bench-key-maker',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  uses: ['keys'],
  setup({ onReady, use }) {
    const { records } = use('keys');
    onReady(async () => {
      const author = { actor: 'bench' };
      await records.teams.create('research', { alias: 'research' }, author);
      await records.users.create('ada', { alias: 'ada' }, author);
      await records.keys.create({ alias: 'bench', user: 'ada', team: 'research' }, author, { secret: VIRTUAL_KEY });
    });
  },
}) as Plugin;

/** Large enough that nothing is refused: refusals are cheap. */
const MANY = 1_000_000_000_000;

const LIMITS = [
  { per: 'key', requests: MANY, tokens: MANY, window: '1m' },
  { per: 'team', requests: MANY, window: '1m' },
];
const BUDGETS = [
  { per: 'key', limit: 900_000_000, window: '1d' },
  { per: 'team', limit: 900_000_000, window: '1mo' },
  { per: 'global', limit: 900_000_000, window: '1d' },
];

/** What a gateway has besides the one with static keys: three claims of limits and three of budgets for every request. */
export function money(logFile: string, redis?: string, records?: string): Plugins {
  const folder = mkdtempSync(join(dirname(logFile), 'money-'));
  const state: Plugins[number] =
    redis === undefined
      ? { use: '@gatewright/state-memory' }
      : { use: '@gatewright/state-redis', with: { url: redis, prefix: 'bench' } };
  return [
    { use: authKeys as Plugin },
    { use: '@gatewright/store-sqlite', with: { path: records ?? join(folder, 'records.db') } },
    state,
    { use: '@gatewright/limits', with: { rules: LIMITS } },
    { use: '@gatewright/budgets', with: { budgets: BUDGETS } },
    { use: '@gatewright/usage', with: { journal: join(folder, 'journal') } },
    { use: keyMaker },
  ];
}
