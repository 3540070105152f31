/** A gateway that has nearly all plugins there are: for how long it takes to load them. */
import { dirname, join } from 'node:path';
import type { GatewayConfig } from '@gatewright/core';
import type { SetupNeeds } from './setups.ts';

type Plugins = NonNullable<GatewayConfig['plugins']>;

const KEY = 'upstream-key-0123456789abcdef';

const DIALECTS = ['openai', 'anthropic', 'gemini', 'bedrock', 'cohere', 'ollama'];

/** Of each provider what it cannot do without. Nobody is called. */
const PROVIDERS: Readonly<Record<string, Record<string, unknown>>> = {
  openai: { apiKey: KEY },
  anthropic: { apiKey: KEY },
  'azure-openai': { endpoint: 'https://acme.openai.azure.com', apiKey: KEY },
  bedrock: { region: 'us-east-1', credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: KEY } },
  cohere: { apiKey: KEY },
  gemini: { apiKey: KEY },
  mistral: { apiKey: KEY },
  ollama: {},
  'openai-compatible': { baseUrl: 'http://127.0.0.1:1/v1' },
  simulated: {},
  vertex: { project: 'acme', location: 'global' },
};

/** Thirty plugins, each a package of its own; those that need a server of somebody else's are left out. */
export function thirtyPlugins({ logFile }: SetupNeeds): GatewayConfig {
  const folder = dirname(logFile);
  const plugins: Plugins = [
    { use: '@gatewright/log-pino', with: { destination: logFile } },
    { use: '@gatewright/store-sqlite', with: { path: join(folder, 'thirty.db') } },
    { use: '@gatewright/state-memory' },
    { use: '@gatewright/auth-keys', with: { adminKey: 'admin-key-0123456789abcdef' } },
    { use: '@gatewright/auth-jwt', with: { issuers: [{ issuer: 'https://login.example.org', audience: 'gateway' }] } },
    { use: '@gatewright/limits', with: { rules: [{ per: 'key', requests: 1000, window: '1m' }] } },
    { use: '@gatewright/budgets', with: { budgets: [{ per: 'key', limit: 100, window: '1d' }] } },
    { use: '@gatewright/usage', with: { journal: join(folder, 'thirty-journal') } },
    { use: '@gatewright/prices' },
    { use: '@gatewright/metrics-prometheus' },
    { use: '@gatewright/health' },
    { use: '@gatewright/routing' },
    { use: '@gatewright/admin-api' },
    ...DIALECTS.map((name) => ({ use: `@gatewright/dialect-${name}` })),
    ...Object.entries(PROVIDERS).map(([name, options]) => ({ use: `@gatewright/provider-${name}`, with: options })),
  ];
  return { plugins, models: { echo: { targets: ['simulated/echo'] }, gpt: { targets: ['openai/gpt-4o'] } } };
}
