/** The configurations of the gateways under test. */
import type { GatewayConfig } from '@gatewright/core';
import { KEY, MODELS, type Manner } from './payload.ts';

/** The folders of the plugins that a complete gateway has besides dialects and providers. */
type Plugins = NonNullable<GatewayConfig['plugins']>;

export interface SetupNeeds {
  /** `http://host:port` of the upstream. */
  readonly upstream: string;
  /** Where log lines go. */
  readonly logFile: string;
}

/** A port on which nobody listens: tcpmux, which nobody has had for decades. */
export const NOBODY = 1;

const MANNERS = Object.keys(MODELS) as Manner[];

function dialects(): Plugins {
  return [{ use: '@gatewright/dialect-openai' }, { use: '@gatewright/dialect-anthropic' }];
}

/** One provider for each manner of the upstream. */
function providers(upstream: string): Plugins {
  return MANNERS.map((manner) => ({
    use: '@gatewright/provider-openai',
    id: manner,
    with: { apiKey: 'upstream-key-0123456789abcdef', baseUrl: `${upstream}/${manner}/v1` },
  }));
}

/** Providers that fail. */
function faulty(upstream: string): Plugins {
  const apiKey = 'upstream-key-0123456789abcdef';
  return [
    { use: '@gatewright/provider-openai', id: 'refused', with: { apiKey, baseUrl: `http://127.0.0.1:${NOBODY}/v1` } },
    { use: '@gatewright/provider-openai', id: 'broken', with: { apiKey, baseUrl: `${upstream}/broken/v1` } },
  ];
}

function models(): NonNullable<GatewayConfig['models']> {
  return Object.fromEntries(MANNERS.map((manner) => [MODELS[manner], { targets: [`${manner}/${MODELS[manner]}`] }]));
}

function policies(logFile: string): Plugins {
  return [
    { use: '@gatewright/log-pino', with: { destination: logFile } },
    { use: '@gatewright/auth-static', with: { keys: [{ key: KEY, id: 'bench', user: 'ada', team: 'research' }] } },
    { use: '@gatewright/prices', with: { providers: Object.fromEntries(MANNERS.map((manner) => [manner, 'openai'])) } },
    { use: '@gatewright/metrics-prometheus' },
  ];
}

/** The gateways by name. */
export const SETUPS = {
  /** Everything that a gateway in production has: keys, prices, metrics, a log. */
  complete: ({ upstream, logFile }: SetupNeeds): GatewayConfig => ({
    plugins: [...policies(logFile), ...dialects(), ...providers(upstream)],
    models: models(),
  }),
  /** Like the lean one, with models whose first target fails: nobody listens there, or it answers 500. */
  failing: ({ upstream }: SetupNeeds): GatewayConfig => ({
    retries: 0,
    plugins: [...dialects(), ...providers(upstream), ...faulty(upstream)],
    models: {
      ...models(),
      refused: { targets: ['refused/any'], fallbacks: [MODELS.whole] },
      broken: { targets: ['broken/any'], fallbacks: [MODELS.whole] },
    },
  }),
  /** Nothing but dialects and providers. */
  lean: ({ upstream }: SetupNeeds): GatewayConfig => ({
    plugins: [...dialects(), ...providers(upstream)],
    models: models(),
  }),
} as const;

export type SetupName = keyof typeof SETUPS;
