/** What OpenAI serves: its endpoints by the dialect that each of them speaks. */
import type { ProviderOptions } from '@gatewright/core';

/** Paths behind the base URL. */
export const ENDPOINTS: Readonly<Record<string, string>> = {
  'openai-chat': '/chat/completions',
  'openai-responses': '/responses',
  'openai-responses-kept': '/responses',
  'openai-completions': '/completions',
  'openai-embeddings': '/embeddings',
  'openai-moderation': '/moderations',
  'openai-images': '/images/generations',
  'openai-image-edits': '/images/edits',
  'openai-image-variations': '/images/variations',
  'openai-speech': '/audio/speech',
  'openai-transcriptions': '/audio/transcriptions',
  'openai-translations': '/audio/translations',
};

/**
 * The models that continue texts, and fine-tuned ones made from them
 * (https://platform.openai.com/docs/models/gpt-3.5-turbo-instruct). All others only chat.
 */
const CONTINUING = /^(?:ft:)?(?:gpt-3\.5-turbo-instruct|babbage-002|davinci-002)/;

/** The models that only the Responses API serves (`ResponsesOnlyModel` in https://github.com/openai/openai-openapi). */
const RESPONSES_ONLY =
  /^(?:o[13]-pro|o\d(?:-mini)?-deep-research|computer-use-preview|gpt-5(?:\.5)?-pro|gpt-5-codex|gpt-5\.1-codex-max|gpt-5\.6-cyber|gpt-daybreak-)/;

/** The models that only chat completions serve (https://platform.openai.com/docs/models/gpt-4o-audio-preview). */
const CHAT_ONLY = /-(?:audio|search)-preview/;

export const operations: ProviderOptions['operations'] = {
  chat: [
    { dialect: 'openai-chat', serves: (model) => !RESPONSES_ONLY.test(model) },
    { dialect: 'openai-responses', serves: (model) => !CHAT_ONLY.test(model) },
  ],
  kept: { dialect: 'openai-responses-kept' },
  completions: { dialect: 'openai-completions', serves: (model) => CONTINUING.test(model) },
  embeddings: { dialect: 'openai-embeddings' },
  moderation: { dialect: 'openai-moderation' },
  images: { dialect: 'openai-images' },
  'image-edit': { dialect: 'openai-image-edits' },
  'image-variation': { dialect: 'openai-image-variations' },
  speech: { dialect: 'openai-speech' },
  transcription: { dialect: 'openai-transcriptions' },
  translation: { dialect: 'openai-translations' },
};
