/** An offline model: answers in the bytes of a real dialect, at a set pace, and misbehaves as told. */
import { definePlugin, type ProviderOptions } from '@gatewright/core';
import type { Call } from './call.ts';
import { options } from './options.ts';

/** Operations besides chat, each in the one dialect that it speaks. */
const PLAIN: ProviderOptions['operations'] = {
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
};

export default definePlugin({
  name: '@gatewright/provider-simulated',
  version: '0.1.0',
  engine: '^1',
  id: 'simulated',
  options,
  supports: {
    operations: ['chat', 'count-tokens', ...Object.keys(PLAIN)],
    streaming: true,
    tools: true,
    structuredOutput: true,
    hooks: ['call'],
    reads: 'neutral',
    mutates: false,
    network: [],
    secrets: false,
  },
  setup({ hooks, clock }, options) {
    let call: Call | undefined;
    // What answers is loaded when somebody asks: a gateway with other providers rarely does.
    const load = async (): Promise<Call> => {
      const { simulatedCall } = await import('./call.ts');
      call ??= simulatedCall(options, clock);
      return call;
    };
    hooks.call.tap(async (attempt, exchange) => (call ?? (await load()))(attempt, exchange), {
      operations: {
        chat: { dialect: options.dialect },
        'count-tokens': { dialect: 'anthropic-count-tokens' },
        ...PLAIN,
      },
    });
  },
});
