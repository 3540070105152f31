/** The dialects that this package registers. */
import type { Codec, Dialect, Operation } from '@gatewright/core';
import { SPEECH, TRANSCRIPTIONS, TRANSLATIONS } from './audio/dialect-id.ts';
import { speechCodec } from './audio/speech-codec.ts';
import { transcriptionsCodec, translationsCodec } from './audio/transcription-codec.ts';
import { chatCodec } from './chat-codec.ts';
import { completionsCodec } from './completions/codec.ts';
import { COMPLETIONS } from './completions/dialect-id.ts';
import { DIALECT } from './dialect-id.ts';
import { expression } from './expression.ts';
import { embeddingsCodec, floatEmbeddingsCodec } from './embeddings/codec.ts';
import { EMBEDDINGS, FLOAT_EMBEDDINGS } from './embeddings/dialect-id.ts';
import { imageEditsCodec, imageVariationsCodec } from './image-forms/codec.ts';
import { IMAGE_EDITS, IMAGE_VARIATIONS } from './image-forms/dialect-id.ts';
import { imagesCodec } from './images/codec.ts';
import { IMAGES } from './images/dialect-id.ts';
import { modelCodec, modelsCodec } from './models-codec.ts';
import { MODERATION, moderationCodec } from './moderation/codec.ts';

import { responsesCodec } from './responses/codec.ts';
import { KEPT, RESPONSES } from './responses/dialect-id.ts';
import { expression as responsesExpression } from './responses/expression.ts';
import { keeping } from './responses/keeping.ts';
import { keptCodec } from './responses/kept-codec.ts';

// Not `openai-organization` and `openai-project`: they go with the provider's key, which the client does not have.
const requestHeaders = ['openai-beta', 'x-client-request-id'];
// Not the rate limits: they are those of the gateway's key, which many clients share.
const replyHeaders = ['x-request-id', 'openai-processing-ms', 'openai-version'];

/** A dialect whose requests go on to providers. */
function calling<O extends Operation>(id: string, operation: O, codec: Codec<O>): Dialect<O> {
  return { id, operation, codec, requestHeaders, replyHeaders };
}

/** A dialect whose requests the gateway answers itself. */
function answered<O extends Operation>(id: string, operation: O, codec: Codec<O>): Dialect<O> {
  return { id, operation, codec, requestHeaders: [], replyHeaders: [] };
}

export const dialects: readonly Dialect[] = [
  { ...calling(DIALECT, 'chat', chatCodec), expresses: expression },
  { ...calling(RESPONSES, 'chat', responsesCodec), expresses: responsesExpression, keeping },
  calling(KEPT, 'kept', keptCodec),
  calling(COMPLETIONS, 'completions', completionsCodec),
  calling(EMBEDDINGS, 'embeddings', embeddingsCodec),
  calling(FLOAT_EMBEDDINGS, 'embeddings', floatEmbeddingsCodec),
  calling(MODERATION, 'moderation', moderationCodec),
  calling(IMAGES, 'images', imagesCodec),
  // The newer form of the API takes JSON too, with addresses and ids of files in place of the files.
  { ...calling(IMAGE_EDITS, 'image-edit', imageEditsCodec), form: 'also' },
  { ...calling(IMAGE_VARIATIONS, 'image-variation', imageVariationsCodec), form: 'only' },
  calling(SPEECH, 'speech', speechCodec),
  { ...calling(TRANSCRIPTIONS, 'transcription', transcriptionsCodec), form: 'only' },
  { ...calling(TRANSLATIONS, 'translation', translationsCodec), form: 'only' },
  answered('openai-models', 'models', modelsCodec),
  answered('openai-model', 'models', modelCodec),
];
