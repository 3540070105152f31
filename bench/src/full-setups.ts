/** The configurations of gateways that do everything, and of those that have grown. */
import { dirname, join } from 'node:path';
import { definePlugin, type GatewayConfig, type Plugin } from '@gatewright/core';
import { z } from 'zod';
import { money } from './money-setups.ts';

type Plugins = NonNullable<GatewayConfig['plugins']>;
type Models = NonNullable<GatewayConfig['models']>;

/** How many a grown gateway has. */
export const MANY_MODELS = 1000;
export const MANY_TARGETS = 100;
export const MANY_PLUGINS = 50;

/** Limits, budgets and usage in memory, and routing; keys are somebody else's. */
export function counted(logFile: string): Plugins {
  // Those of keys are objects, not names.
  const counting = money(logFile).filter(
    (one) => one !== undefined && typeof one !== 'string' && typeof one.use === 'string',
  );
  return [...counting, { use: '@gatewright/routing' }];
}

/** Where a gateway with many keys has its records. */
export const recordsBeside = (logFile: string): string => join(dirname(logFile), 'many-keys.db');

/** The models of others: nobody asks for them. */
export function manyModels(target: string): Models {
  return Object.fromEntries(
    Array.from({ length: MANY_MODELS }, (_, index) => [`model-${index}`, { targets: [target] }]),
  );
}

/** A hundred targets with the same price. */
export function manyTargets(provider: string, model: string): string[] {
  return Array.from({ length: MANY_TARGETS }, (_, index) => `${provider}/${model}-${index}`);
}

/** Fifty plugins that look at every exchange and do nothing. */
export function manyPlugins(): Plugins {
  return Array.from({ length: MANY_PLUGINS }, (_, index) => ({ use: idle, id: `idle-${index}` }));
}

const idle = definePlugin({
  name: 'bench-idle',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.route.tap((route) => route);
    hooks.log.tap(() => undefined);
  },
}) as Plugin;
