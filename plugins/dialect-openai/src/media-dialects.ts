/** The dialects of sound and of images made from images, and the surfaces that speak them. */
import type { Dialect, Surface } from '@gatewright/core';
import { SPEECH, TRANSCRIPTIONS, TRANSLATIONS } from './audio/dialect-id.ts';
import { speechCodec } from './audio/speech-codec.ts';
import { transcriptionsCodec, translationsCodec } from './audio/transcription-codec.ts';
import { imageEditsCodec, imageVariationsCodec } from './image-forms/codec.ts';
import { IMAGE_EDITS, IMAGE_VARIATIONS } from './image-forms/dialect-id.ts';

/** The same as chat's, for the same reasons. */
const headers = {
  requestHeaders: ['openai-beta', 'x-client-request-id'],
  replyHeaders: ['x-request-id', 'openai-processing-ms', 'openai-version'],
};

export const speechDialect: Dialect<'speech'> = { id: SPEECH, operation: 'speech', codec: speechCodec, ...headers };

export const transcriptionsDialect: Dialect<'transcription'> = {
  id: TRANSCRIPTIONS,
  operation: 'transcription',
  codec: transcriptionsCodec,
  form: 'only',
  ...headers,
};

export const translationsDialect: Dialect<'translation'> = {
  id: TRANSLATIONS,
  operation: 'translation',
  codec: translationsCodec,
  form: 'only',
  ...headers,
};

export const imageEditsDialect: Dialect<'image-edit'> = {
  id: IMAGE_EDITS,
  operation: 'image-edit',
  codec: imageEditsCodec,
  // The newer form of the API takes JSON, with addresses and ids of files in place of the files.
  form: 'also',
  ...headers,
};

export const imageVariationsDialect: Dialect<'image-variation'> = {
  id: IMAGE_VARIATIONS,
  operation: 'image-variation',
  codec: imageVariationsCodec,
  form: 'only',
  ...headers,
};

const PATHS: readonly (readonly [dialect: string, path: string])[] = [
  [SPEECH, '/audio/speech'],
  [TRANSCRIPTIONS, '/audio/transcriptions'],
  [TRANSLATIONS, '/audio/translations'],
  [IMAGE_EDITS, '/images/edits'],
  [IMAGE_VARIATIONS, '/images/variations'],
];

/** Azure's clients send the key in `api-key`. */
const credentialHeaders = ['api-key'];

/** As with chat: with the version in the path, without it, and as Azure's clients name the model. */
export const mediaSurfaces: readonly Surface[] = PATHS.flatMap(([dialect, path]): Surface[] => [
  { id: dialect, dialect, method: 'POST', path: `/v1${path}`, credentialHeaders },
  { id: `${dialect}-bare`, dialect, method: 'POST', path, credentialHeaders },
  {
    id: `${dialect}-deployment`,
    dialect,
    method: 'POST',
    path: `/openai/deployments/:model${path}`,
    credentialHeaders,
    head: (params) => ({ model: params['model'] ?? '', stream: false }),
  },
]);
