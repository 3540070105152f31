/** The simulated provider keeps the contract of a plugin. */
import { ManualClock, pluginSuite, providerRig } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import plugin from './index.ts';

pluginSuite(
  { describe, test },
  { plugin, manifest: new URL('../package.json', import.meta.url), options: { faults: ['error-500'] } },
);

test.each(['openai-chat', 'anthropic-messages'])(
  'it serves chat in %s, and the other operations in their one dialect',
  async (dialect) => {
    const { options } = await providerRig(plugin, { dialect }, { clock: new ManualClock() });
    expect(options).toEqual({
      operations: {
        chat: { dialect },
        'count-tokens': { dialect: 'anthropic-count-tokens' },
        completions: { dialect: 'openai-completions' },
        embeddings: { dialect: 'openai-embeddings' },
        moderation: { dialect: 'openai-moderation' },
        images: { dialect: 'openai-images' },
        'image-edit': { dialect: 'openai-image-edits' },
        'image-variation': { dialect: 'openai-image-variations' },
        speech: { dialect: 'openai-speech' },
        transcription: { dialect: 'openai-transcriptions' },
        translation: { dialect: 'openai-translations' },
        rerank: { dialect: 'cohere-rerank' },
      },
    });
  },
);

test.each([
  ['an option that there is not', { fault: [] }, /fault/],
  ['a fault that nobody knows', { faults: ['error-42'] }, /no fault .*error-42.*error-NNN/],
  ['a dialect that it cannot speak', { dialect: 'gemini-generate' }, /dialect/],
  ['a pace below nothing', { tokensPerSecond: -1 }, /tokensPerSecond/],
])('refused at boot: %s', (_what, options, message) => {
  expect(() => plugin.options.parse(options)).toThrow(message);
});
