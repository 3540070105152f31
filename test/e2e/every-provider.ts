/** Every provider that calls somebody, pointed at a loopback upstream, behind one gateway. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, PluginEntry } from '@gatewright/core';
import dialectBedrock from '@gatewright/dialect-bedrock';
import dialectCohere from '@gatewright/dialect-cohere';
import dialectGemini from '@gatewright/dialect-gemini';
import dialectOllama from '@gatewright/dialect-ollama';
import providerAnthropic from '@gatewright/provider-anthropic';
import providerAzure from '@gatewright/provider-azure-openai';
import providerBedrock from '@gatewright/provider-bedrock';
import providerCohere from '@gatewright/provider-cohere';
import providerGemini from '@gatewright/provider-gemini';
import providerMistral from '@gatewright/provider-mistral';
import providerOllama from '@gatewright/provider-ollama';
import providerOpenai from '@gatewright/provider-openai';
import providerCompatible from '@gatewright/provider-openai-compatible';
import providerVertex from '@gatewright/provider-vertex';
import { startGateway, type TestGateway } from './gateways.ts';

export interface ProviderCase {
  /** The instance id. */
  readonly id: string;
  /** The folder of the plugin. */
  readonly folder: string;
  readonly plugin: Plugin;
  readonly options: (url: string) => Record<string, unknown>;
  /** The path of a chat that is not streamed; the model's name stands in its group, where it stands in the path at all. */
  readonly path: RegExp;
}

/** What a name in a path may consist of: nothing that ends the segment, and nothing that a server takes for a way up. */
const SEGMENT = String.raw`((?!\.{1,2}(?:/|$)|%2e)[\w.~!$&'()*+,;=:@%-]+?)`;

const at = (before: string, after = ''): RegExp => new RegExp(`^${before}${after === '' ? '' : SEGMENT + after}$`, 'i');

const VERTEX = String.raw`/v1/projects/acme/locations/global`;

function azure(id: string, path: RegExp, more: object): ProviderCase {
  const options = (endpoint: string) => ({ endpoint, apiKey: 'azure-key-0123456789', ...more });
  return { id, folder: 'provider-azure-openai', plugin: providerAzure, options, path };
}

export const PROVIDERS: readonly ProviderCase[] = [
  {
    id: 'openai',
    folder: 'provider-openai',
    plugin: providerOpenai,
    options: (url) => ({ apiKey: 'openai-key-0123456789', baseUrl: `${url}/v1` }),
    path: at('/v1/chat/completions'),
  },
  {
    id: 'anthropic',
    folder: 'provider-anthropic',
    plugin: providerAnthropic,
    options: (baseUrl) => ({ apiKey: 'anthropic-key-0123456789', baseUrl }),
    path: at('/v1/messages'),
  },
  {
    id: 'gemini',
    folder: 'provider-gemini',
    plugin: providerGemini,
    options: (baseUrl) => ({ apiKey: 'gemini-key-0123456789', baseUrl }),
    path: at('/v1beta/(?:models|tunedModels)/', ':generateContent'),
  },
  {
    id: 'vertex',
    folder: 'provider-vertex',
    plugin: providerVertex,
    options: (baseUrl) => ({ project: 'acme', accessToken: 'ya29.0123456789', baseUrl }),
    path: new RegExp(
      `^${VERTEX}/(?:(?:publishers/google/models|endpoints)/${SEGMENT}:generateContent|endpoints/openapi/chat/completions)$`,
    ),
  },
  {
    id: 'bedrock',
    folder: 'provider-bedrock',
    plugin: providerBedrock,
    options: (baseUrl) => ({ region: 'us-east-1', apiKey: 'bedrock-key-0123456789', baseUrl }),
    path: at('/model/', '/converse'),
  },
  azure('azure-openai', at('/openai/v1/chat/completions'), {}),
  azure('azure-dated', at('/openai/deployments/', String.raw`/chat/completions\?api-version=2024-10-21`), {
    api: 'deployments',
    apiVersion: '2024-10-21',
  }),
  {
    id: 'mistral',
    folder: 'provider-mistral',
    plugin: providerMistral,
    options: (url) => ({ apiKey: 'mistral-key-0123456789', baseUrl: `${url}/v1` }),
    path: at('/v1/chat/completions'),
  },
  {
    id: 'cohere',
    folder: 'provider-cohere',
    plugin: providerCohere,
    options: (baseUrl) => ({ apiKey: 'cohere-key-0123456789', baseUrl }),
    path: at('/v2/chat'),
  },
  {
    id: 'ollama',
    folder: 'provider-ollama',
    plugin: providerOllama,
    options: (baseUrl) => ({ baseUrl }),
    path: at('/api/chat'),
  },
  {
    id: 'compatible',
    folder: 'provider-openai-compatible',
    plugin: providerCompatible,
    options: (url) => ({ baseUrl: `${url}/v1` }),
    path: at('/v1/chat/completions'),
  },
];

/** The folders of providers that call somebody. */
export function providerFolders(): string[] {
  const plugins = fileURLToPath(new URL('../../plugins/', import.meta.url));
  return readdirSync(plugins).filter((name) => name.startsWith('provider-') && name !== 'provider-simulated');
}

/** A gateway in which `ID/NAME` is the model NAME of the provider ID, whatever NAME is. */
export function everyProvider(upstream: string): Promise<TestGateway> {
  const dialects = [dialectGemini, dialectBedrock, dialectCohere, dialectOllama].map((use): PluginEntry => ({ use }));
  // Those of the harness itself are there already.
  const others = PROVIDERS.filter(({ id }) => id !== 'openai' && id !== 'anthropic');
  const plugins = others.map(({ id, plugin, options }) => ({ use: plugin, id, with: options(upstream) }));
  const models = Object.fromEntries(
    PROVIDERS.map(({ id }) => [`${id}/*`, { targets: [{ provider: id, model: '*' }] }]),
  );
  return startGateway({ upstream, config: { models, plugins: [...dialects, ...plugins] } });
}
