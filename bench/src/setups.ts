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
  /** Nothing but dialects and providers. */
  lean: ({ upstream }: SetupNeeds): GatewayConfig => ({
    plugins: [...dialects(), ...providers(upstream)],
    models: models(),
  }),
} as const;

export type SetupName = keyof typeof SETUPS;
