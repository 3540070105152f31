/** The paths that clients of Gemini's API and of Vertex AI call. */
import type { Surface } from '@gatewright/core';
import {
  BATCH_EMBED,
  COUNT_TOKENS,
  EMBED,
  GENERATE,
  GENERATE_ARRAY,
  MODEL,
  MODELS as MODEL_LIST,
  PREDICT,
} from './names.ts';

type Params = Readonly<Record<string, string>>;

interface Place {
  readonly id: string;
  readonly path: string;
  readonly model: (params: Params) => string;
}

const plain = ({ model = '' }: Params): string => model;

/** Vertex AI names a model's publisher; that of others than Google is part of the model's name. */
const published = ({ publisher = '', model = '' }: Params): string =>
  publisher === 'google' ? model : `${publisher}/${model}`;

const PROJECT = 'projects/:project/locations/:location';

/** https://ai.google.dev/api/generate-content */
const MODELS: readonly Place[] = ['v1', 'v1beta', 'v1beta1'].map((version) => ({
  id: version,
  path: `/${version}/models/*model`,
  model: plain,
}));

/** https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.publishers.models */
const PUBLISHED: readonly Place[] = ['v1', 'v1beta1'].flatMap((version) => [
  { id: `${version}-publisher`, path: `/${version}/publishers/:publisher/models/*model`, model: published },
  { id: `${version}-project`, path: `/${version}/${PROJECT}/publishers/:publisher/models/*model`, model: published },
]);

const wantsEvents: NonNullable<Surface['when']> = (_headers, query) => query?.get('alt') === 'sse';

/** Colons are escaped: alone they would begin a parameter. */
function surfacesAt({ id, path, model }: Place): Surface[] {
  const post = { method: 'POST', credentialHeaders: ['x-goog-api-key'] } as const;
  const head =
    (stream: boolean): NonNullable<Surface['head']> =>
    (params) => ({ model: model(params), stream });
  return [
    { ...post, id: `${GENERATE}-${id}`, dialect: GENERATE, path: `${path}\\:generateContent`, head: head(false) },
    {
      ...post,
      id: `${GENERATE}-${id}-stream`,
      dialect: GENERATE,
      path: `${path}\\:streamGenerateContent`,
      when: wantsEvents,
      head: head(true),
    },
    {
      ...post,
      id: `${GENERATE_ARRAY}-${id}`,
      dialect: GENERATE_ARRAY,
      path: `${path}\\:streamGenerateContent`,
      head: head(true),
    },
    { ...post, id: `${COUNT_TOKENS}-${id}`, dialect: COUNT_TOKENS, path: `${path}\\:countTokens`, head: head(false) },
    { ...post, id: `${EMBED}-${id}`, dialect: EMBED, path: `${path}\\:embedContent`, head: head(false) },
    {
      ...post,
      id: `${BATCH_EMBED}-${id}`,
      dialect: BATCH_EMBED,
      path: `${path}\\:batchEmbedContents`,
      head: head(false),
    },
  ];
}

/** The paths of model lists are those of other APIs, too: Google's clients send the key in a header or a parameter of their own. */
const isGoogles: NonNullable<Surface['when']> = (headers, query) =>
  headers['x-goog-api-key'] !== undefined || query?.has('key') === true;

/** Model lists: of the Gemini API only, since Vertex AI lists a publisher's models in a form of its own. */
function listsAt(version: string): Surface[] {
  const get = { method: 'GET', credentialHeaders: ['x-goog-api-key'], when: isGoogles } as const;
  return [
    { ...get, id: `${MODEL_LIST}-${version}`, dialect: MODEL_LIST, path: `/${version}/models`, request: () => ({}) },
    {
      ...get,
      id: `${MODEL}-${version}`,
      dialect: MODEL,
      path: `/${version}/models/:model`,
      request: ({ model }) => ({ id: model }),
    },
  ];
}

/** Older embeddings are Vertex AI's alone. */
function predictionAt({ id, path, model }: Place): Surface {
  return {
    id: `${PREDICT}-${id}`,
    dialect: PREDICT,
    method: 'POST',
    path: `${path}\\:predict`,
    credentialHeaders: ['x-goog-api-key'],
    head: (params) => ({ model: model(params), stream: false }),
  };
}

export const surfaces: readonly Surface[] = [
  ...[...MODELS, ...PUBLISHED].flatMap(surfacesAt),
  ...PUBLISHED.map(predictionAt),
  ...['v1', 'v1beta'].flatMap(listsAt),
];
