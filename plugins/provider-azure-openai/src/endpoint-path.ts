/** Where the endpoints of a deployment are. */
import { GatewayError, type ProviderOptions, type Target } from '@gatewright/core';
import type { Options } from './options.ts';

/** The endpoints, by the dialect that each of them speaks. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  'openai-chat': '/chat/completions',
  'openai-responses': '/responses',
  'openai-responses-kept': '/responses',
  'openai-completions': '/completions',
  'openai-embeddings': '/embeddings',
  'openai-images': '/images/generations',
  'openai-image-edits': '/images/edits',
  'openai-speech': '/audio/speech',
  'openai-transcriptions': '/audio/transcriptions',
  'openai-translations': '/audio/translations',
};

/** Deployments of the models that continue texts, as they are usually called; all others are asked in chat. */
const CONTINUING = /instruct|babbage-002|davinci-002/;

/** The first version of the API by deployments that has responses (https://learn.microsoft.com/azure/ai-services/openai/how-to/responses). */
const FIRST_WITH_RESPONSES = '2025-03-01';

/** Whether this form of the API has responses. They are asked for at the resource, not at a deployment. */
function hasResponses({ api, apiVersion = '' }: Pick<Options, 'api' | 'apiVersion'>): boolean {
  return api === 'v1' || apiVersion >= FIRST_WITH_RESPONSES;
}

/** What a resource serves, by the form of its API. */
export function operationsOf(options: Pick<Options, 'api' | 'apiVersion'>): ProviderOptions['operations'] {
  if (!hasResponses(options)) return operations;
  return {
    ...operations,
    chat: [{ dialect: 'openai-chat' }, { dialect: 'openai-responses' }],
    kept: { dialect: 'openai-responses-kept' },
  };
}

export const operations: ProviderOptions['operations'] = {
  chat: { dialect: 'openai-chat' },
  completions: { dialect: 'openai-completions', serves: (model) => CONTINUING.test(model) },
  embeddings: { dialect: 'openai-embeddings' },
  images: { dialect: 'openai-images' },
  'image-edit': { dialect: 'openai-image-edits' },
  speech: { dialect: 'openai-speech' },
  transcription: { dialect: 'openai-transcriptions' },
  translation: { dialect: 'openai-translations' },
};

/**
 * What a deployment may be called. Azure allows letters, digits, `-`, `_` and `.`; with nothing else, and no dot in
 * front, a name cannot leave its place in the path. Wildcard models let clients choose the name.
 */
const DEPLOYMENT = /^[A-Za-z0-9][\w.-]{0,127}$/;

/**
 * The path behind the endpoint, with its query, for the deployment that the target names.
 * Throws `GW_UNKNOWN_MODEL` where no deployment can have the name.
 */
export function endpointPath(
  { api, apiVersion }: Pick<Options, 'api' | 'apiVersion'>,
  target: Target,
  dialect: string,
): string {
  const endpoint = ENDPOINTS[dialect] ?? '/chat/completions';
  const query = apiVersion === undefined ? '' : `?api-version=${apiVersion}`;
  if (api === 'v1') return `/openai/v1${endpoint}${query}`;
  if (endpoint === '/responses') return `/openai${endpoint}${query}`;
  if (!DEPLOYMENT.test(target.model)) {
    throw new GatewayError('GW_UNKNOWN_MODEL', 'No deployment can have the name that was asked for.', {
      target: target.id,
      param: 'model',
      help: 'Names of deployments have letters, digits, "-", "_" and "." only.',
    });
  }
  return `/openai/deployments/${target.model}${endpoint}${query}`;
}
