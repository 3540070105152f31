/** The configurations of the gateways under test. */
import type { GatewayConfig } from '@gatewright/core';
import { counted, manyModels, manyPlugins, manyTargets, recordsBeside } from './full-setups.ts';
import { money } from './money-setups.ts';
import { KEY, MODELS, type Manner } from './payload.ts';

/** The folders of the plugins that a complete gateway has besides dialects and providers. */
type Plugins = NonNullable<GatewayConfig['plugins']>;

export interface SetupNeeds {
  /** `http://host:port` of the upstream. */
  readonly upstream: string;
  /** Where log lines go. */
  readonly logFile: string;
  /** The URL of a Redis; only some need one. */
  readonly redis?: string | undefined;
}

/** A port on which nobody listens: tcpmux, which nobody has had for decades. */
export const NOBODY = 1;

/** A name that the provider does not know. */
export const RENAMED = 'another-name';

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
    { use: '@gatewright/provider-openai', id: 'shaky', with: { apiKey, baseUrl: `${upstream}/shaky/v1` } },
  ];
}

function models(): NonNullable<GatewayConfig['models']> {
  return Object.fromEntries(MANNERS.map((manner) => [MODELS[manner], { targets: [`${manner}/${MODELS[manner]}`] }]));
}

const staticKeys: Plugins = [
  { use: '@gatewright/auth-static', with: { keys: [{ key: KEY, id: 'bench', user: 'ada', team: 'research' }] } },
];

function policies(logFile: string, keys: Plugins): Plugins {
  return [
    { use: '@gatewright/log-pino', with: { destination: logFile } },
    ...keys,
    {
      use: '@gatewright/prices',
      with: {
        providers: Object.fromEntries(MANNERS.map((manner) => [manner, 'openai'])),
        overrides: [
          { provider: 'whole', model: `${MODELS.whole}-*`, input: '2.5', output: '10' },
          // Without a price, budgets would let nobody ask the providers that fail.
          { model: 'any', input: '2.5', output: '10' },
        ],
      },
    },
    { use: '@gatewright/metrics-prometheus' },
  ];
}

function everything({ upstream, logFile }: SetupNeeds): GatewayConfig {
  return {
    plugins: [...policies(logFile, [...staticKeys, ...counted(logFile)]), ...dialects(), ...providers(upstream)],
    models: models(),
  };
}

/** The gateways by name. */
export const SETUPS = {
  /** Everything that a gateway in production has: keys, prices, metrics, a log. */
  complete: ({ upstream, logFile }: SetupNeeds): GatewayConfig => ({
    plugins: [...policies(logFile, staticKeys), ...dialects(), ...providers(upstream)],
    models: models(),
  }),
  /** The complete one with virtual keys instead of static ones, limits, budgets and usage rows; sums in memory. */
  money: ({ upstream, logFile }: SetupNeeds): GatewayConfig => ({
    plugins: [...policies(logFile, money(logFile)), ...dialects(), ...providers(upstream)],
    models: models(),
  }),
  /** The same, with sums in Redis. */
  'money-redis': ({ upstream, logFile, redis = '' }: SetupNeeds): GatewayConfig => ({
    plugins: [...policies(logFile, money(logFile, redis)), ...dialects(), ...providers(upstream)],
    models: models(),
  }),
  /** Keys and routes, and nothing else. */
  auth: ({ upstream }: SetupNeeds): GatewayConfig => ({
    plugins: [...staticKeys, ...dialects(), ...providers(upstream)],
    models: models(),
  }),
  /** Static keys, limits, budgets, usage, routing, prices, metrics, a log: what the targets call everything on. */
  everything,
  /** Everything, and a thousand models. */
  'many-models': (needs: SetupNeeds): GatewayConfig => ({
    ...everything(needs),
    models: { ...manyModels(`whole/${MODELS.whole}`), ...models() },
  }),
  /** Everything, and a hundred targets of the model that is asked. */
  'many-targets': (needs: SetupNeeds): GatewayConfig => ({
    ...everything(needs),
    models: { ...models(), [MODELS.whole]: { targets: manyTargets('whole', MODELS.whole) } },
  }),
  /** The one that counts money, with its records where others can be put beside them. */
  'many-keys': ({ upstream, logFile }: SetupNeeds): GatewayConfig => ({
    plugins: [
      ...policies(logFile, money(logFile, undefined, recordsBeside(logFile))),
      ...dialects(),
      ...providers(upstream),
    ],
    models: models(),
  }),
  /** Everything, and fifty plugins that look at every exchange. */
  'many-plugins': (needs: SetupNeeds): GatewayConfig => {
    const { plugins = [], ...rest } = everything(needs);
    return { ...rest, plugins: [...plugins, ...manyPlugins()] };
  },
  /** Everything, for bodies of up to 64 MB; one model has another name at its provider. */
  'large-bodies': (needs: SetupNeeds): GatewayConfig => ({
    ...everything(needs),
    limits: { body: '64mb' },
    models: { ...models(), [RENAMED]: { targets: [`whole/${MODELS.whole}`] } },
  }),
  /** Everything, before a provider that fails now and then. */
  shaky: (needs: SetupNeeds): GatewayConfig => {
    const { plugins = [], ...rest } = everything(needs);
    return {
      ...rest,
      retries: 0,
      plugins: [...plugins, ...faulty(needs.upstream)],
      models: {
        ...models(),
        shaky: { targets: ['shaky/any'], fallbacks: [MODELS.whole] },
        broken: { targets: ['broken/any'], fallbacks: [MODELS.whole] },
      },
    };
  },
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
