/** The dialects that this package registers. Those of chats are there at once, all others when they are first spoken. */
import type { Codec, Dialect, Operation } from '@gatewright/core';
import { SPEECH, TRANSCRIPTIONS, TRANSLATIONS } from './audio/dialect-id.ts';
import { chatCodec } from './chat-codec.ts';
import { COMPLETIONS } from './completions/dialect-id.ts';
import { DIALECT } from './dialect-id.ts';
import { EMBEDDINGS, FLOAT_EMBEDDINGS } from './embeddings/dialect-id.ts';
import { expression } from './expression.ts';
import { IMAGE_EDITS, IMAGE_VARIATIONS } from './image-forms/dialect-id.ts';
import { IMAGES } from './images/dialect-id.ts';
import { lateDialect } from './late-dialect.ts';
import { modelCodec, modelsCodec } from './models-codec.ts';
import { MODERATION } from './moderation/dialect-id.ts';
import { KEPT, RESPONSES } from './responses/dialect-id.ts';
import { expression as responsesExpression } from './responses/expression.ts';
import { keeping } from './responses/keeping.ts';

// Not `openai-organization` and `openai-project`: they go with the provider's key, which the client does not have.
const requestHeaders = ['openai-beta', 'x-client-request-id'];
// Not the rate limits: they are those of the gateway's key, which many clients share.
const replyHeaders = ['x-request-id', 'openai-processing-ms', 'openai-version'];

/** What dialects have in common whose requests go on to providers. */
const calling = { requestHeaders, replyHeaders };

type Head = Pick<Dialect, 'form' | 'expresses' | 'keeping'>;

/** A dialect whose codec is loaded when it is first spoken. */
function late<O extends Operation>(
  id: string,
  operation: O,
  load: () => Promise<Codec<O>>,
  head: Head = {},
): Dialect<O> {
  return lateDialect({ id, operation, ...calling, ...head }, load);
}

/** A dialect whose requests the gateway answers itself. */
function answered<O extends Operation>(id: string, operation: O, codec: Codec<O>): Dialect<O> {
  return { id, operation, codec, requestHeaders: [], replyHeaders: [] };
}

const embeddings = () => import('./embeddings/codec.ts');
const imageForms = () => import('./image-forms/codec.ts');
const transcription = () => import('./audio/transcription-codec.ts');

export const dialects: readonly Dialect[] = [
  { id: DIALECT, operation: 'chat', codec: chatCodec, ...calling, expresses: expression },
  late(RESPONSES, 'chat', async () => (await import('./responses/codec.ts')).responsesCodec, {
    expresses: responsesExpression,
    keeping,
  }),
  late(KEPT, 'kept', async () => (await import('./responses/kept-codec.ts')).keptCodec),
  late(COMPLETIONS, 'completions', async () => (await import('./completions/codec.ts')).completionsCodec),
  late(EMBEDDINGS, 'embeddings', async () => (await embeddings()).embeddingsCodec),
  late(FLOAT_EMBEDDINGS, 'embeddings', async () => (await embeddings()).floatEmbeddingsCodec),
  late(MODERATION, 'moderation', async () => (await import('./moderation/codec.ts')).moderationCodec),
  late(IMAGES, 'images', async () => (await import('./images/codec.ts')).imagesCodec),
  // The newer form of the API takes JSON too, with addresses and ids of files in place of the files.
  late(IMAGE_EDITS, 'image-edit', async () => (await imageForms()).imageEditsCodec, { form: 'also' }),
  late(IMAGE_VARIATIONS, 'image-variation', async () => (await imageForms()).imageVariationsCodec, { form: 'only' }),
  late(SPEECH, 'speech', async () => (await import('./audio/speech-codec.ts')).speechCodec),
  late(TRANSCRIPTIONS, 'transcription', async () => (await transcription()).transcriptionsCodec, { form: 'only' }),
  late(TRANSLATIONS, 'translation', async () => (await transcription()).translationsCodec, { form: 'only' }),
  answered('openai-models', 'models', modelsCodec),
  answered('openai-model', 'models', modelCodec),
];
