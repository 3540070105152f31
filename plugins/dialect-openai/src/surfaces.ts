/** Where clients' requests of the API's dialects come in. */
import type { Surface } from '@gatewright/core';
import { keptSurfaces } from './responses/kept-surfaces.ts';
import { surfaces as responses } from './responses/surfaces.ts';

/** Azure's clients send the key in `api-key`. */
const credentialHeaders = ['api-key'];

/** The API's own path, and the one of clients whose base URL has no `/v1`. */
const PREFIXES = [
  ['', '/v1'],
  ['-bare', ''],
] as const;

/** The surfaces of an operation that is asked for with a POST. */
function posted(id: string, dialect: string, path: string): Surface[] {
  const plain = PREFIXES.map(([suffix, prefix]): Surface => ({
    id: `${id}${suffix}`,
    dialect,
    method: 'POST',
    path: `${prefix}${path}`,
    credentialHeaders,
  }));
  // Azure's clients name the deployment, which is a model here, in the path.
  const deployment: Surface = {
    id: `${id}-deployment`,
    dialect,
    method: 'POST',
    path: `/openai/deployments/:model${path}`,
    credentialHeaders,
    head: (params) => ({ model: params['model'] ?? '', stream: false }),
  };
  return [...plain, deployment];
}

/** The surfaces of the model list, and of a model in it. */
function models(): Surface[] {
  const prefixes = [...PREFIXES, ['-azure', '/openai'] as const];
  return prefixes.flatMap(([suffix, prefix]): Surface[] => [
    {
      id: `openai-models${suffix}`,
      dialect: 'openai-models',
      method: 'GET',
      path: `${prefix}/models`,
      credentialHeaders,
      request: () => ({}),
    },
    {
      id: `openai-model${suffix}`,
      dialect: 'openai-model',
      method: 'GET',
      path: `${prefix}/models/:model`,
      credentialHeaders,
      request: (params) => ({ id: params['model'] }),
    },
  ]);
}

export const surfaces: readonly Surface[] = [
  ...posted('openai-chat', 'openai-chat', '/chat/completions'),
  ...responses,
  ...keptSurfaces,
  ...posted('openai-completions', 'openai-completions', '/completions'),
  ...posted('openai-embeddings', 'openai-embeddings', '/embeddings'),
  ...posted('openai-moderation', 'openai-moderation', '/moderations'),
  ...posted('openai-images', 'openai-images', '/images/generations'),
  ...posted('openai-image-edits', 'openai-image-edits', '/images/edits'),
  ...posted('openai-image-variations', 'openai-image-variations', '/images/variations'),
  ...posted('openai-speech', 'openai-speech', '/audio/speech'),
  ...posted('openai-transcriptions', 'openai-transcriptions', '/audio/transcriptions'),
  ...posted('openai-translations', 'openai-translations', '/audio/translations'),
  ...models(),
];
